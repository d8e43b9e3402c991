// What the engine is told of later: nobody can tell it from what it is told of at once.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { disableCaching, enableCaching, memoize } from "cachier";
import { anotherCopy, loneCopy } from "./support/copies.mjs";

/** What is counted is told to the engine at once. */
const AT_ONCE = { metrics: true };

/** A limit that is never reached, and a bound: of those the engine is told sooner, of several at once. */
const LATER = [{ staleAfter: "9000d" }, { maxEntries: 64 }, { maxEntries: 300 }];

/** The same numbers in every run. */
function randoms(seed) {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const keys = [[1], ["1"], [], [null], [1, 2], [1, "2"], [NaN], [-0], [0], [1n], [1, 2, 3], [1, 2, 3, 4, 5], [{ a: 1 }]];
const ways = [
  ...Array(12).fill((f, args) => f(...args)),
  (f, args) => f.with({ overwriteCache: true })(...args),
  (f, args) => f.with({ skipCache: true })(...args),
  (f, args) => f.with({ maxAge: "1h" })(...args),
  (f, args) => f.with({ allowNone: true })(...args),
  (f, args) => f.trace(...args),
  (f, args) => f.peek(...args),
  (f, args) => f.remove(...args),
  (f, args) => f.precacheValue(args, `by hand ${String(args[0])}`),
  (f) => f.entries().map(({ key, value }) => `${key} ${String(value)}`).sort(),
  (f) => f.keyOf(1),
  (f) => f.clearBeingCalculated(),
  (f) => f.clearCache(),
  () => disableCaching(),
  () => enableCaching(),
];

/** A function that does, while it runs, what chance wants; and all that anybody sees of it. */
function player(seed, options) {
  const random = randoms(seed);
  const seen = [];
  let [depth, runs] = [0, 0];
  const act = () => {
    const args = keys[random(keys.length)];
    const way = ways[random(ways.length)];
    try {
      seen.push(way(f, args));
    } catch (error) {
      seen.push(`threw ${error.message}`);
    }
  };
  const f = memoize((...args) => {
    const number = ++runs;
    seen.push(`run ${number} for ${args.length} ${String(args[0])}`);
    depth++;
    if (depth < 3) for (let count = random(3); count > 0; count--) act();
    depth--;
    const result = random(12);
    if (result === 0) throw new Error(`run ${number}`);
    if (result === 1) return null;
    return result < 5 ? "often" : number;
  }, options);
  for (let step = 0; step < 40; step++) act();
  enableCaching();
  seen.push(f.entries().map(({ key, value }) => `${key} ${String(value)}`).sort());
  return seen;
}

test("whatever is done, also while functions run, it is as if the engine had been told at once", (context) => {
  context.mock.method(console, "warn", () => {});
  context.mock.method(Date, "now", () => 1_000);
  for (let seed = 1; seed <= 150; seed++) {
    const atOnce = player(seed, AT_ONCE);
    for (const options of [undefined, ...LATER]) assert.deepEqual(player(seed, options), atOnce, `with the numbers of ${seed}`);
  }
});

test("a result was stored when it was calculated, not when the engine was told", () => {
  const now = mock.method(Date, "now", () => 1_000);
  const f = memoize((n) => n);
  f(1);
  f(2);
  f("text", true);
  now.mock.mockImplementation(() => 9_000);
  const moments = f.entries().map(({ key, storedAt }) => `${key} ${storedAt}`);
  now.mock.restore();
  assert.deepEqual(moments.sort(), [`["text", true] 1000`, "[1] 1000", "[2] 1000"]);
});

test("a function that returns promises after values shares them", async () => {
  let runs = 0;
  const f = memoize((n) => (runs++, n < 3 ? n : Promise.resolve(n)));
  assert.deepEqual([f(1), f(2)], [1, 2]);
  assert.deepEqual(await Promise.all([f(3), f(3), f(4)]), [3, 3, 4]);
  assert.deepEqual([f(2), runs], [2, 4]);
});

test("a deep recursion is calculated once for each argument", () => {
  let runs = 0;
  const sum = memoize((n) => (runs++, n === 0 ? 0 : n + sum(n - 1)));
  sum(0);
  assert.equal(sum(1_000), 500_500);
  assert.equal(runs, 1_001);
});

test("clearing forgets what the engine was not told of", () => {
  let runs = 0;
  const f = memoize(() => ++runs);
  f(1);
  f(2);
  f.clearCache();
  assert.deepEqual([f.entries().length, f(2), f(1)], [0, 3, 4]);
});

/** Whether any engine has been started since. */
function engineWatch(context) {
  const { Instance } = WebAssembly;
  let isStarted = false;
  WebAssembly.Instance = class extends Instance {
    constructor(...given) {
      super(...given);
      isStarted = true;
    }
  };
  context.after(() => (WebAssembly.Instance = Instance));
  return () => isStarted;
}

test("a definition without options starts the engine when something is asked that only it knows", async (context) => {
  const isStarted = engineWatch(context);
  const { memoize: define } = await loneCopy();
  const add = define((one, other) => one + other);
  assert.deepEqual([add(1, 2), add(1, 2), add("a", "b")], [3, 3, "ab"]);
  assert.equal(isStarted(), false);
  assert.equal(add.peek(1, 2), 3);
  assert.equal(isStarted(), true);
  assert.deepEqual(add.entries().map(({ key, value }) => `${key} ${value}`), ["[1, 2] 3", '["a", "b"] ab']);
});

test("options are checked at once, also the first", async () => {
  const { memoize: define } = await loneCopy();
  assert.throws(() => define(() => 0, { staleAfter: -1 }), RangeError);
  assert.throws(() => define(() => 0, { stale_after: 1 }), TypeError);
});

test("what other copies of the library change reaches definitions that have no engine yet", async () => {
  const [here, there] = [await loneCopy(), await anotherCopy()];
  let runs = 0;
  const [cleared, forbidden, limited] = [0, 1, 2].map(() => here.memoize(() => ++runs));
  assert.deepEqual([cleared(), cleared(), forbidden(), limited()], [1, 1, 2, 3]);
  await there.clearAll();
  assert.equal(cleared(), 4);
  there.disableCaching();
  assert.deepEqual([forbidden(), forbidden()], [5, 6]);
  there.enableCaching();
  there.setGlobalParams({ staleAfter: 0 });
  assert.deepEqual([limited(), limited()], [7, 8]);
});

test("an engine that is first needed where the stack ends starts later, whole", async () => {
  for (let round = 0; round < 10; round++) {
    const { memoize: define } = await anotherCopy();
    const none = define(() => undefined);
    let attempts = 0;
    // On the way back from an overflow there is a little more room with every frame.
    const climb = () => {
      try {
        climb();
      } catch {
        attempts++;
        none("text");
      }
    };
    climb();
    assert.ok(attempts > 1, "it was first needed too deep");
    none("text");
    assert.deepEqual([none.entries().length, define(String, { maxEntries: 3 })(7)], [1, "7"]);
  }
});
