/** Who is told of changes in the browser's stores; must not know how they are noticed. */
import { hearOfDatabase } from "./hearing.js";
import { lookAtTexts } from "./looking.js";
import type { CacheName } from "./outside.js";

type Listener = (cache: CacheName) => void;

/** Each is an object of its own: one function may listen twice. */
interface Listening {
  readonly listener: Listener;
}

const everybody = new Set<Listening>();

/** What is to be told, by core and id. */
const changed = new Map<string, CacheName>();

let stops: (() => void)[] = [];

/** See inspect.types.d.ts. */
export function onChange(listener: Listener): () => void {
  const listening = { listener };
  if (everybody.size === 0) start();
  everybody.add(listening);
  return () => {
    if (everybody.delete(listening) && everybody.size === 0) stop();
  };
}

function start(): void {
  stops = [hearOfDatabase((id) => note({ core: "indexeddb", id })), lookAtTexts((id) => note({ core: "localstorage", id }))];
}

function stop(): void {
  for (const end of stops) end();
}

/** What changes in one turn of the event loop is told together. */
function note(cache: CacheName): void {
  if (changed.size === 0) setTimeout(tellAll, 0);
  changed.set(`${cache.core}:${cache.id}`, cache);
}

function tellAll(): void {
  const caches = [...changed.values()];
  changed.clear();
  for (const cache of caches) for (const listening of everybody) queueMicrotask(() => tell(listening, cache));
}

/** One that throws keeps nobody else from being told, and one that has stopped is told no more. */
function tell(listening: Listening, cache: CacheName): void {
  if (everybody.has(listening)) listening.listener(cache);
}
