/** The news that tabs tell one another; must not know what they stand for. */
import { whenAside, whenBack } from "./page.js";
import { FORMAT } from "./store.js";
import { watchOf } from "./watch.js";

type News = readonly [place: string, name: string | undefined];

let channel: BroadcastChannel | undefined;
let isListening = false;

/** Tells the other tabs that an entry of a place, or any, has changed. */
export function tellOthers(place: string, name: string | undefined): void {
  channel?.postMessage([place, name] satisfies News);
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
  channel.onmessage = ({ data: [place, name] }: MessageEvent<News>) => {
    watchOf(place)?.heard(name);
  };
}

function hangUp(): void {
  channel?.close();
  channel = undefined;
}
