/** The news that tabs tell one another; must not know what they stand for. */
import { whenAside, whenBack } from "./page.js";
import { FORMAT } from "./store.js";
import { watchOf } from "./watch.js";

/** Which place has changed, and which of its names; undefined for all. Of no place: whoever tells it has begun to listen, and others answer. */
type News = readonly [place?: string, ...names: (string | undefined)[]];

/**
 * What is to be told at the end of this turn, by place; as long as nobody seems to be there, once anything is heard of somebody or
 * this page goes: to tell nobody costs a third of a store.
 */
const untold = new Map<string, Set<string | undefined>>();

let channel: BroadcastChannel | undefined;
let isListening = false;
let isAlone = true;

/** Tells the other tabs that an entry of a place, or any, has changed. */
export function tellOthers(place: string, name: string | undefined): void {
  if (!isAlone && untold.size === 0) queueMicrotask(tell);
  untold.set(place, (untold.get(place) ?? new Set()).add(isAlone ? undefined : name));
}

function tell(): void {
  isAlone = false;
  for (const [place, names] of untold) channel?.postMessage([place, ...names] satisfies News);
  untold.clear();
}

function hear([place = "", ...names]: News): void {
  tell();
  for (const name of names) watchOf(place)?.heard(name);
}

/** A channel on which all news are heard from now on: says so, and answers whoever else begins to listen. */
export function listening(onNews: (news: News) => void): BroadcastChannel {
  const ear = new BroadcastChannel(FORMAT);
  ear.onmessage = ({ data }: MessageEvent<News>) => {
    onNews(data);
    if (data.length === 0) ear.postMessage([""] satisfies News);
  };
  ear.postMessage([] satisfies News);
  return ear;
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
  channel ??= listening(hear);
}

function hangUp(): void {
  tell();
  channel?.close();
  channel = undefined;
}
