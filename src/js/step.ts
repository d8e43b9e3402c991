/** The engine's answers: numbers that hold an id and what to do; must not know how anything is done. */

/** What the engine asks the front to do next. */
export const Step = {
  Bypass: 0,
  Serve: 1,
  ServeStale: 2,
  ServeAndRefresh: 3,
  Calculate: 4,
  Wait: 5,
  Waited: 6,
  Fail: 7,
} as const;

const KINDS = 8;

/** What to do. */
export function kindOf(code: number): number {
  return code % KINDS;
}

/** The payload, ticket or wait that the step speaks of. */
export function idOf(code: number): number {
  return Math.floor(code / KINDS);
}
