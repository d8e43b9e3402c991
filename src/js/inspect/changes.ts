/** Who is told of changes in the browser's stores, and how they are noticed; must not know what is done about them. */
import type { News } from "../../core/browser/channel.js";
import { whenAside, whenBack } from "../../core/browser/page.js";
import { FORMAT } from "../../core/browser/store.js";
import { storageOfPage } from "../home.js";
import { databaseOutside } from "./indexeddb.js";
import { marksOfCaches } from "./localstorage.js";
import type { CacheName } from "./outside.js";

type Listener = (cache: CacheName) => void;

const DATABASE = "indexeddb:";

/** How often localStorage is looked at for what this tab has written. */
const LOOK_MILLIS = 200;

/** Each is an object of its own: one function may listen twice. */
const listeners = new Set<{ readonly listener: Listener }>();

/** What is to be told, by core and id. */
const changed = new Map<string, CacheName>();

let channel: BroadcastChannel | undefined;
let looking: ReturnType<typeof setInterval> | undefined;
let marks = new Map<string, string>();
let isFollowingPage = false;

/** See inspect.types.d.ts. */
export function onChange(listener: Listener): () => void {
  const listening = { listener };
  listeners.add(listening);
  start();
  return () => {
    listeners.delete(listening);
    if (listeners.size === 0) stop();
  };
}

function start(): void {
  hearDatabase();
  watchTexts();
  if (isFollowingPage || typeof addEventListener !== "function") return;
  isFollowingPage = true;
  // An open channel would keep the page out of the back/forward cache.
  whenAside(hangUp);
  whenBack(catchUp);
}

function stop(): void {
  hangUp();
  clearInterval(looking);
  looking = undefined;
  globalThis.removeEventListener("storage", look);
}

function hearDatabase(): void {
  if (channel !== undefined || databaseOutside() === undefined || typeof BroadcastChannel !== "function") return;
  channel = new BroadcastChannel(FORMAT);
  channel.onmessage = ({ data: [place] }: MessageEvent<News>) => {
    if (place.startsWith(DATABASE)) tell({ core: "indexeddb", id: place.slice(DATABASE.length) });
  };
}

function hangUp(): void {
  channel?.close();
  channel = undefined;
}

/** While the page was aside nothing was heard. */
function catchUp(): void {
  if (listeners.size === 0) return;
  hearDatabase();
  const known = Promise.resolve(databaseOutside()?.caches() ?? []);
  known.then((caches) => caches.forEach(({ core, id }) => tell({ core, id }))).catch(() => undefined);
}

function watchTexts(): void {
  const storage = storageOfPage();
  if (looking !== undefined || storage === undefined) return;
  marks = marksOfCaches(storage);
  looking = setInterval(look, LOOK_MILLIS);
  addEventListener("storage", look);
}

/** Tells of every cache in localStorage that is not as it was at the last look. */
function look(): void {
  const storage = storageOfPage();
  if (storage === undefined) return;
  const [before, now] = [marks, marksOfCaches(storage)];
  marks = now;
  for (const id of new Set([...before.keys(), ...now.keys()])) if (before.get(id) !== now.get(id)) tell({ core: "localstorage", id });
}

function tell(cache: CacheName): void {
  if (changed.size === 0) setTimeout(tellAll, 0);
  changed.set(`${cache.core}:${cache.id}`, cache);
}

function tellAll(): void {
  const caches = [...changed.values()];
  changed.clear();
  for (const cache of caches) for (const listening of listeners) queueMicrotask(() => tellOne(listening, cache));
}

/** One that throws keeps nobody else from being told, and one that has stopped is told no more. */
function tellOne(listening: { readonly listener: Listener }, cache: CacheName): void {
  if (listeners.has(listening)) listening.listener(cache);
}
