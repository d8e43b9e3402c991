// The rows of the table that live in memory: what is called, by whom, and what is to be reached; measures nothing itself.

import { caches, clockedCaches, coarselyClockedCaches, floors, ours, peers } from "./contenders.mjs";
import { compare, compareWhole } from "./measure.mjs";

const FUNCTIONS = [0, 1, 2];
/** Different keys that are missed. */
const DISTINCT = 100_000;

/** The calls that a batch makes in turn: `argument` is what stands between the parentheses, of the number of the call. */
const calls = {
  one: "f(keys[i & mask])",
  two: "f(keys[i & mask], others[i & mask])",
  object: "f({ a: keys[i & mask], b: others[i & mask] })",
  nested: "f({ a: keys[i & mask], b: { c: others[i & mask], d: [keys[i & mask], true] } })",
};

/**
 * Each has a loop of its own, as each has a place of its own in a program. It goes on where it stopped: else who is slower, and fills a
 * batch with fewer calls, would be asked for fewer keys.
 */
function loopOf(call, isAsync) {
  return new Function(
    `let start = 0;
    return ${isAsync ? "async " : ""}(f, { keys, others }, count) => {
      const mask = keys.length - 1;
      const end = start + count;
      let sum = 0;
      for (let i = start; i < end; i++) sum += ${isAsync ? "await " : ""}${call};
      start = end & mask;
      return sum;
    }`,
  )();
}

/** Sums of results, so that nothing of the work can be left out. */
globalThis.consumed = 0;

/** Several functions, so that none is the only one the optimizer has seen. */
function entrant({ name, make }, { call, functionOf, args, isAsync = false }) {
  const loops = FUNCTIONS.map((number) => ({ loop: loopOf(calls[call], isAsync), f: make(functionOf(number)) }));
  const share = (count) => Math.ceil(count / loops.length);
  if (!isAsync)
    return { name, run: (count) => loops.forEach(({ loop, f }) => (globalThis.consumed += loop(f, args, share(count)))) };
  const run = async (count) => {
    for (const { loop, f } of loops) globalThis.consumed += await loop(f, args, share(count));
  };
  return { name, run };
}

/** Everybody has been asked for every key before anything is measured. */
function hits(contenders, work) {
  return async () => {
    const entrants = contenders.map((contender) => entrant(contender, work));
    for (const { run } of entrants) await run(FUNCTIONS.length * work.args.keys.length);
    return compare(entrants);
  };
}

/** A new memoizer in each round, called once for each key. */
function misses(contenders, keys) {
  return () => compareWhole(contenders.map(({ name, make }) => ({ name, run: () => callAll(make((key) => key.length ?? key + 1), keys) })));
}

function callAll(f, keys) {
  let sum = 0;
  for (const key of keys) sum += f(key);
  globalThis.consumed += sum;
  return keys.length;
}

const sixteen = Array.from({ length: 16 }, (_, index) => index * 7 + 1);
const words = sixteen.map((number) => `a string of twenty ${(number % 16).toString(16)}`);
const numbers = { keys: sixteen, others: words };
const texts = { keys: words, others: words };
const pairs = { keys: randomly(128, 10), others: randomly(128, 10, 7) };
const contents = { keys: randomly(128, 100), others: words.flatMap((word) => Array(8).fill(word)) };

const ofNumber = (number) => (a) => a + number;
const ofText = (number) => (a) => a.length + number;
const ofTwo = (number) => (a, b) => a + b + number;
const ofObject = (number) => (value) => value.a + number;
const asyncOfNumber = (number) => async (a) => a + number;

/** The same numbers in every run. */
function* randoms(seed = 42) {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

function randomly(length, limit, seed) {
  const random = randoms(seed);
  return Array.from({ length }, () => Math.floor(random.next().value * limit));
}

/** Few are asked for often: the n-th most popular key once for n^0.99 times that the first is. */
function zipf(length, limit) {
  const weights = Array.from({ length: limit }, (_, rank) => 1 / (rank + 1) ** 0.99);
  let total = 0;
  const sums = weights.map((weight) => (total += weight));
  const random = randoms();
  return Array.from({ length }, () => indexOf(sums, random.next().value * total));
}

/** The first sum that is not below `wanted`. */
function indexOf(sums, wanted) {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

const asKeys = (ranks) => ({ keys: ranks.map((rank) => `user:${rank * 7919}`) });
const few = [peers.memoizee, peers.memoize, peers.nanoMemoize, peers.microMemoize, peers.fastMemoize];
const byContent = [peers.memoizeByContent, peers.memoizeeByContent, peers.fastMemoize];
const atMost = (ratio, ...than) => ({ ratio, than });
const ahead = (...than) => ({ ratio: 1, than });

/** `goals`: the time of ours through the best of `than` is to be at most `ratio`; which may differ between environments. */
export const rows = [
  {
    id: "number",
    title: "hit, one number",
    goals: [atMost(1.4, "floor"), ahead("lru-cache", "quick-lru", "memoizee", "memoize")],
    run: hits([floors.one, ours(), ...caches("one"), ...few], { call: "one", functionOf: ofNumber, args: numbers }),
  },
  {
    id: "string",
    title: "hit, one string of 20",
    goals: [atMost(1.4, "floor"), ahead("lru-cache", "quick-lru", "memoizee", "memoize")],
    run: hits([floors.one, ours(), ...caches("one"), ...few], { call: "one", functionOf: ofText, args: texts }),
  },
  {
    id: "two",
    title: "hit, two numbers, 100 pairs at random",
    goals: [atMost(1.4, "floor"), ahead("lru-cache", "quick-lru", "memoizee", "memoize")],
    run: hits([floors.two, ours(), ...caches("two"), peers.memoizeeOfTwo, peers.memoizeByContent, peers.fastMemoize], {
      call: "two",
      functionOf: ofTwo,
      args: pairs,
    }),
  },
  {
    id: "clock",
    title: "hit with staleAfter, clock read each time",
    goals: [atMost(1.1, "floor", "lru-cache", "quick-lru", "tiny-lru", "memoize")],
    run: hits([floors.clock, ours({ staleAfter: "1h" }), ...clockedCaches()], { call: "one", functionOf: ofNumber, args: numbers }),
  },
  {
    id: "coarse",
    title: "hit with staleAfter, clockResolution 1",
    goals: [atMost(1.3, "floor")],
    run: hits([floors.coarseClock, ours({ staleAfter: "1h", clockResolution: 1 }), ...coarselyClockedCaches()], {
      call: "one",
      functionOf: ofNumber,
      args: numbers,
    }),
  },
  {
    id: "metrics",
    title: "hit, one number, with metrics",
    base: "metrics off",
    goals: [atMost(1.3, "metrics off")],
    run: hits([{ ...ours(), name: "metrics off" }, ours({ metrics: true })], { call: "one", functionOf: ofNumber, args: numbers }),
  },
  {
    id: "object",
    title: "hit, fresh object {a, b}, by content",
    goals: [atMost({ node: 1, chromium: 1.3 }, "floor"), ahead("memoize", "memoizee", "fast-memoize")],
    run: hits([floors.content, ours(), ...caches("content"), ...byContent], { call: "object", functionOf: ofObject, args: contents }),
  },
  {
    id: "nested",
    title: "hit, fresh object {a, b: {c, d: […]}}",
    goals: [atMost({ node: 1, chromium: 1.3 }, "floor"), ahead("memoize", "memoizee", "fast-memoize")],
    run: hits([floors.content, ours(), ...caches("content"), ...byContent], { call: "nested", functionOf: ofObject, args: contents }),
  },
  {
    id: "many",
    title: "hit, 10,000 string keys at random",
    goals: [ahead("lru-cache", "tiny-lru", "quick-lru")],
    run: hits([floors.one, ours(), ...caches("one"), peers.memoize, peers.nanoMemoize], {
      call: "one",
      functionOf: ofText,
      args: asKeys(randomly(65_536, 10_000)),
    }),
  },
  {
    id: "bounded",
    title: "10,000 string keys, Zipf, maxEntries 5,000",
    goals: [ahead("lru-cache", "tiny-lru", "quick-lru")],
    run: hits([floors.one, ours({ maxEntries: 5_000 }), ...caches("one", 5_000)], {
      call: "one",
      functionOf: ofText,
      args: asKeys(zipf(65_536, 10_000)),
    }),
  },
  {
    id: "async",
    title: "async hit",
    goals: [atMost(1.2, "floor")],
    run: hits([floors.async, ours(), ...caches("one").slice(0, 3), peers.memoize, peers.memoizeeAsync, peers.microMemoizeAsync, peers.pMemoize], {
      call: "one",
      functionOf: asyncOfNumber,
      args: numbers,
      isAsync: true,
    }),
  },
  {
    id: "miss",
    title: "miss and store, 100,000 numbers",
    goals: [atMost(3, "floor")],
    run: misses([floors.one, ours(), ...caches("one", DISTINCT), peers.memoize, peers.nanoMemoize], Array.from({ length: DISTINCT }, (_, index) => index * 3)),
  },
  {
    id: "miss-string",
    title: "miss and store, 100,000 strings",
    goals: [atMost(3, "floor")],
    run: misses([floors.one, ours(), ...caches("one", DISTINCT), peers.memoize, peers.nanoMemoize], asKeys(Array.from({ length: DISTINCT }, (_, index) => index)).keys),
  },
];
