/** Notices what changes in IndexedDB by the news that tabs tell one another; must not know who wants to know. */
import { listening } from "../../core/browser/channel.js";
import { whenAside, whenBack } from "../../core/browser/page.js";
import { databaseOutside } from "./indexeddb.js";

const PLACE = "indexeddb:";

let channel: BroadcastChannel | undefined;
let tell: ((id: string) => void) | undefined;
let isFollowingPage = false;

/** Calls `listener`, the only one at a time, with the id of each cache that has changed. Returns what stops it. */
export function hearOfDatabase(listener: (id: string) => void): () => void {
  if (databaseOutside() === undefined || typeof BroadcastChannel !== "function") return () => undefined;
  tell = listener;
  open();
  followPage();
  return () => {
    tell = undefined;
    hangUp();
  };
}

function open(): void {
  channel = listening(([place]) => {
    if (place?.startsWith(PLACE)) tell?.(place.slice(PLACE.length));
  });
}

function hangUp(): void {
  channel?.close();
  channel = undefined;
}

/** An open channel would keep the page out of the back/forward cache. */
function followPage(): void {
  if (isFollowingPage) return;
  isFollowingPage = true;
  whenAside(hangUp);
  whenBack(comeBack);
}

function comeBack(): void {
  if (tell === undefined || channel !== undefined) return;
  open();
  // A database that does not open now has nothing to show.
  void catchUp().catch(() => undefined);
}

/** Nothing is known of what happened meanwhile. */
async function catchUp(): Promise<void> {
  const caches = (await databaseOutside()?.caches()) ?? [];
  for (const { id } of caches) tell?.(id);
}
