/** Notices what changes in localStorage, whoever changes it; must not know who wants to know. */
import { storageOfPage } from "../home.js";
import { marksOfCaches } from "./localstorage.js";

/** How often it is looked at for what this tab has written: of that no browser tells the tab itself. */
const LOOK_MILLIS = 200;

/** Calls `tell` with the id of each cache that has changed. Returns what stops it. */
export function lookAtTexts(tell: (id: string) => void): () => void {
  const storage = storageOfPage();
  if (storage === undefined) return () => undefined;
  let before = marksOfCaches(storage);
  let soon: ReturnType<typeof setTimeout> | undefined;
  const look = (): void => {
    soon = undefined;
    const now = marksOfCaches(storage);
    for (const id of new Set([...before.keys(), ...now.keys()])) if (before.get(id) !== now.get(id)) tell(id);
    before = now;
  };
  // A cache that is cleared makes an event for each of its entries.
  const lookSoon = (): void => void (soon ??= setTimeout(look, 0));
  const looking = setInterval(look, LOOK_MILLIS);
  addEventListener("storage", lookSoon);
  return () => {
    clearInterval(looking);
    clearTimeout(soon);
    removeEventListener("storage", lookSoon);
  };
}
