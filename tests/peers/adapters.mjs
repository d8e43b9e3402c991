// The interfaces of `memoize` and `p-memoize` on top of cachier, as thin as they get: what a move from one to the other comes to.

import { cacheOf, memoize, memoized } from "cachier";

/** Both peers take the first argument for the key, and are given all of them in a list to make another. */
const firstOf = ([first]) => first;

/** Both serve `undefined` and `null` as they serve everything else. */
function translated({ cacheKey = firstOf, ...options }) {
  return { key: (...args) => cacheKey(args), allowNone: true, ...options };
}

/** `memoize`, as its package exports it. */
export const likeMemoize = {
  default: (fn, { maxAge: staleAfter, ...options } = {}) => memoize(fn, translated({ ...options, staleAfter })),
  memoizeClear: (fn) => fn.clearCache(),
  memoizeIsCached: (fn, ...args) => fn.peek(...args) !== undefined,
  /** TypeScript's older decorators become the standard ones. */
  memoizeDecorator: ({ maxAge: staleAfter, ...options } = {}) => memoized(translated({ ...options, staleAfter })),
};

/** `p-memoize`, as its package exports it. */
export const likePMemoize = {
  // Where nothing is to be cached, every call finds a stale value, and those that come together still share a run.
  default: (fn, { cache, ...options } = {}) => memoize(fn, { ...translated(options), async: true, ...(cache === false && { staleAfter: 0 }) }),
  pMemoizeClear: (fn) => fn.clearCache(),
  pMemoizeDecorator: (options = {}) => memoized({ ...translated(options), async: true }),
  /** Of a decorated method of one object. */
  clearMethod: (owner, method) => cacheOf(owner, method).clearCache(),
};
