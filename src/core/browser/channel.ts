/** The news that tabs tell one another; must not know what they stand for. */
import { whenAside, whenBack } from "./page.js";
import { FORMAT } from "./store.js";
import { watchOf } from "./watch.js";

/** Which place has changed, and which of its names; undefined for all. */
export type News = readonly [place: string, ...names: (string | undefined)[]];

/** What is to be told at the end of this turn, by place. */
const untold = new Map<string, Set<string | undefined>>();

let channel: BroadcastChannel | undefined;
let isListening = false;

/** Tells the other tabs that an entry of a place, or any, has changed. */
export function tellOthers(place: string, name: string | undefined): void {
  if (untold.size === 0) queueMicrotask(tell);
  untold.set(place, (untold.get(place) ?? new Set()).add(name));
}

function tell(): void {
  for (const [place, names] of untold) channel?.postMessage([place, ...names] satisfies News);
  untold.clear();
}

/** Listens to the other tabs from now on, except while the page is put aside: an open channel would keep it out of the back/forward cache. */
export function listen(): void {
  if (isListening || typeof BroadcastChannel !== "function") return;
  isListening = true;
  whenAside(hangUp);
  whenBack(open);
  open();
}

function open(): void {
  if (channel !== undefined) return;
  channel = new BroadcastChannel(FORMAT);
  channel.onmessage = ({ data: [place, ...names] }: MessageEvent<News>) => {
    for (const name of names) watchOf(place)?.heard(name);
  };
}

function hangUp(): void {
  channel?.close();
  channel = undefined;
}
