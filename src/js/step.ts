/** The engine's answers: numbers that hold an id and what to do; must not know how anything is done. */

/** Calls the function; stores nothing. */
export const BYPASS = 0;
/** Serves a fresh value. */
export const SERVE = 1;
/** Serves a stale value. */
export const SERVE_STALE = 2;
/** Serves a stale value and refreshes it in the background. */
export const SERVE_AND_REFRESH = 3;
/** Calls the function, then finishes or fails. */
export const CALCULATE = 4;
/** Waits for another call's calculation. */
export const WAIT = 5;
/** Serves what another call calculated. */
export const WAITED = 6;
/** Throws. */
export const FAIL = 7;

const KINDS = 8;

/** What to do. */
export function kindOf(code: number): number {
  return code % KINDS;
}

/** The payload, ticket or wait that the step speaks of. */
export function idOf(code: number): number {
  return Math.floor(code / KINDS);
}

/** The id of a step that has nothing to collect. */
export const NOTHING = 0;
