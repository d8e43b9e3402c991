/** What the engine asks of the front, as bits of `traits`; must not know why. */

/** Sizes of values. */
export const WEIGHS = 1;
/** The use of records, because some are evicted. */
export const BOUNDED = 2;
/** Counts of hits. */
export const METERED = 4;
/** Nothing at once: it may be told later what sync runs came to, for nothing that it decides depends on when. */
export const PATIENT = 8;
/** Nothing again: values that are stored are fresh, and stay where they are until they are replaced. */
export const ETERNAL = 16;
