// The floor, ours and the peers as memoizers of one function; knows no rows and measures nothing.
//
// Each memoizer that stands on a cache object is compiled anew for each function, as in a program whose author wrote it there: a
// shared one would have its calls of `get` slowed down by all the classes it has seen.

import fastMemoize from "fast-memoize";
import flru from "flru";
import { LRUCache } from "lru-cache";
import memoizePeer from "memoize";
import memoizee from "memoizee";
import microMemoize from "micro-memoize";
import nanoPackage from "nano-memoize";
import pMemoize from "p-memoize";
import QuickLRU from "quick-lru";
import { lru as tinyLru } from "tiny-lru";
import { memoize } from "../../pkg/index.js";

/** Node sees a CommonJS module and hands over all of it; bundlers take the function out. */
const nanoMemoize = nanoPackage.nanomemoize ?? nanoPackage;

/** How calls look, and the key that a careful author would write for a cache object. */
const shapes = {
  one: { parameters: "a", key: "a" },
  two: { parameters: "a, b", key: "`${a}:${b}`" },
  content: { parameters: "a", key: "JSON.stringify(a)" },
};

const LARGE = 1 << 20;
const HOUR = 3_600_000;

/** A memoizer around a cache object with `get` and `set`. */
function around(name, shape, makeCache) {
  const { parameters, key } = shapes[shape];
  const body = `return (${parameters}) => {
    const key = ${key};
    let value = cache.get(key);
    if (value === undefined) {
      value = fn(${parameters});
      cache.set(key, value);
    }
    return value;
  }`;
  return { name, make: (fn) => new Function("fn", "cache", body)(fn, makeCache()) };
}

/** Written by hand, with what it closes over. */
function byHand(name, body) {
  return { name, make: (fn) => new Function("fn", body)(fn) };
}

export const ours = (options) => ({ name: "cachier", make: (fn) => memoize(fn, options) });

export const floors = {
  one: around("floor", "one", () => new Map()),
  content: around("floor", "content", () => new Map()),
  two: byHand(
    "floor",
    `const outer = new Map();
    return (a, b) => {
      let inner = outer.get(a);
      if (inner === undefined) outer.set(a, (inner = new Map()));
      let value = inner.get(b);
      if (value === undefined) inner.set(b, (value = fn(a, b)));
      return value;
    }`,
  ),
  clock: byHand(
    "floor",
    `const entries = new Map();
    return (a) => {
      const found = entries.get(a);
      if (found !== undefined && Date.now() < found.until) return found.value;
      const value = fn(a);
      entries.set(a, { value, until: Date.now() + ${HOUR} });
      return value;
    }`,
  ),
  coarseClock: byHand(
    "floor",
    `const entries = new Map();
    let moment;
    const forget = () => { moment = undefined; };
    const now = () => {
      if (moment !== undefined) return moment;
      setTimeout(forget, 1);
      return (moment = Date.now());
    };
    return (a) => {
      const found = entries.get(a);
      if (found !== undefined && now() < found.until) return found.value;
      const value = fn(a);
      entries.set(a, { value, until: now() + ${HOUR} });
      return value;
    }`,
  ),
  async: byHand(
    "floor",
    `const values = new Map();
    return async (a) => {
      if (values.has(a)) return values.get(a);
      const value = await fn(a);
      values.set(a, value);
      return value;
    }`,
  ),
};

/** The cache objects, as a memoizer's author uses them. */
export function caches(shape, size = LARGE) {
  return [
    around("lru-cache", shape, () => new LRUCache({ max: size })),
    around("quick-lru", shape, () => new QuickLRU({ maxSize: size })),
    around("tiny-lru", shape, () => tinyLru(size)),
    around("flru", shape, () => flru(size)),
  ];
}

/** Those that read the clock on every hit. */
export function clockedCaches() {
  return [
    around("lru-cache", "one", () => new LRUCache({ max: LARGE, ttl: HOUR, ttlResolution: 0 })),
    around("quick-lru", "one", () => new QuickLRU({ maxSize: LARGE, maxAge: HOUR })),
    around("tiny-lru", "one", () => tinyLru(LARGE, HOUR)),
    { name: "memoize", make: (fn) => memoizePeer(fn, { maxAge: HOUR }) },
  ];
}

/** Those that read it now and then, or leave it to timers. */
export function coarselyClockedCaches() {
  return [
    around("lru-cache", "one", () => new LRUCache({ max: LARGE, ttl: HOUR, ttlResolution: 1 })),
    { name: "memoizee", make: (fn) => memoizee(fn, { maxAge: HOUR, primitive: true }) },
    { name: "micro-memoize", make: (fn) => microMemoize(fn, { maxAge: HOUR, maxSize: 16 }) },
    { name: "nano-memoize", make: (fn) => nanoMemoize(fn, { maxAge: HOUR }) },
  ];
}

export const peers = {
  memoize: { name: "memoize", make: (fn) => memoizePeer(fn) },
  memoizeByContent: { name: "memoize", make: (fn) => memoizePeer(fn, { cacheKey: JSON.stringify }) },
  memoizee: { name: "memoizee", make: (fn) => memoizee(fn, { primitive: true }) },
  memoizeeOfTwo: { name: "memoizee", make: (fn) => memoizee(fn, { length: 2 }) },
  memoizeeByContent: { name: "memoizee", make: (fn) => memoizee(fn, { normalizer: (args) => JSON.stringify(args[0]) }) },
  memoizeeAsync: { name: "memoizee", make: (fn) => memoizee(fn, { primitive: true, promise: true }) },
  microMemoize: { name: "micro-memoize", make: (fn) => microMemoize(fn, { maxSize: 16 }) },
  microMemoizeAsync: { name: "micro-memoize", make: (fn) => microMemoize(fn, { maxSize: 16, isPromise: true }) },
  nanoMemoize: { name: "nano-memoize", make: (fn) => nanoMemoize(fn) },
  fastMemoize: { name: "fast-memoize", make: (fn) => fastMemoize(fn) },
  pMemoize: { name: "p-memoize", make: (fn) => pMemoize(fn) },
};
