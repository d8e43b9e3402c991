/** When the page is put aside and comes back; must not know what then has to be done. */

/** Leaving for the back/forward cache or for good, and being frozen: nothing of the page runs until it is back. */
const ASIDE = ["pagehide", "freeze"];
const BACK = ["pageshow", "resume"];

/** Calls `action` whenever the page is put aside. */
export function whenAside(action: () => void): void {
  listen(ASIDE, action);
}

/** Calls `action` whenever the page is back. */
export function whenBack(action: () => void): void {
  listen(BACK, action);
}

function listen(events: readonly string[], action: () => void): void {
  for (const event of events) addEventListener(event, action, true);
}
