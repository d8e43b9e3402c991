// How a program begins to use each package; must not import any of them before it is asked to.

const double = (value) => value * 2;

/** `load` imports, `call` makes the first memoized call. */
export const starters = [
  { name: "cachier", load: () => import("../../pkg/index.js"), call: ({ memoize }) => memoize(double)(1) },
  { name: "memoize", load: () => import("memoize"), call: ({ default: memoize }) => memoize(double)(1) },
  { name: "memoizee", load: () => import("memoizee"), call: ({ default: memoizee }) => memoizee(double)(1) },
  { name: "lru-cache", load: () => import("lru-cache"), call: ({ LRUCache }) => new LRUCache({ max: 100 }).set(1, double(1)) },
  { name: "quick-lru", load: () => import("quick-lru"), call: ({ default: QuickLRU }) => new QuickLRU({ maxSize: 100 }).set(1, double(1)) },
];
