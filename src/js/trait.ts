/** What the engine asks of the front, as bits of `traits`; must not know why. */

/** Sizes of values. */
export const WEIGHS = 1;
/** The use of records, because some are evicted. */
export const BOUNDED = 2;
/** Counts of hits. */
export const METERED = 4;
/** Nothing again: values that are stored are fresh, and stay where they are until they are replaced. */
export const ETERNAL = 8;

/** So many results of sync runs it may be told of later, for nothing that it decides depends on when. */
export function patienceOf(traits: number): number {
  return traits >>> 4;
}
