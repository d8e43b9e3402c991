// What the TypeScript face adds to the engine: the front, the key of a call, sharing of promises, methods, the decorator.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  cacheOf,
  clearAll,
  disableCaching,
  enableCaching,
  memoize,
  memoized,
  setGlobalParams,
} from "cachier";

function counting(fn) {
  const counted = function (...args) {
    counted.runs++;
    return Reflect.apply(fn, this, args);
  };
  counted.runs = 0;
  return counted;
}

async function withClock(use) {
  const now = Date.now;
  let moment = now();
  Date.now = () => moment;
  try {
    await use((millis) => (moment += millis));
  } finally {
    Date.now = now;
  }
}

const echo = (...args) => ({ args });

test("a hit is the same object, whatever kinds and numbers of arguments", () => {
  const lists = [[], [1], ["1"], [true], [null], [1n], [NaN], [-1.5], [""], ["é\ud800"], [[1]], [{ a: 1 }], [new Date(5)]];
  lists.push([1, 2], [undefined, 1], ["a", null], [1, 2, 3], [1, 2, 3, 4], [1, 2, 3, 4, 5], [{ a: 1 }, 2], [new Map([[1, { b: 2 }]])]);
  const f = counting(echo);
  const m = memoize(f);
  const first = lists.map((list) => m(...list));
  assert.deepEqual(lists.map((list) => m(...list)), first);
  assert.ok(lists.every((list, index) => m(...structuredClone(list)) === first[index]));
  assert.equal(f.runs, lists.length);
});

test("trailing undefined arguments do not count, -0 is 0", () => {
  const m = memoize(echo);
  assert.equal(m(), m(undefined));
  assert.equal(m(1), m(1, undefined));
  assert.equal(m(1, 2), m(1, 2, undefined, undefined));
  assert.equal(m(0), m(-0));
  assert.notEqual(m("\ud800"), m("\ufffd"));
});

test("objects are told apart by their content, however it is found", () => {
  const lists = [[{}], [{ a: 1 }], [{ a: "1" }], [{ a: undefined }], [{ b: 1 }], [{ a: 1, b: 2 }], [{ a: 1 }, 2], [1, { a: 2 }], [{ a: 1 }, { b: 2 }]];
  lists.push([{ a: { b: 2 } }], [{ a: [1] }], [{ a: 1, b: 2, c: 3 }], [{ a: 1, b: 2, c: 3, d: 4 }], ["a", 1], [1, 2], [{ a: 1, b: "2" }]);
  lists.push([1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, "6"], [{ a: 1 }, 2, 3, 4, 5, 6], [[1, 2], 3, 4, 5, 6]);
  const f = counting(echo);
  const m = memoize(f);
  const first = lists.map((list) => m(...list));
  assert.equal(f.runs, lists.length);
  assert.ok(lists.every((list, index) => m(...structuredClone(list)) === first[index]));
  const shared = { a: 1 };
  m(shared);
  shared.a = 7;
  assert.deepEqual(m(shared).args, [{ a: 7 }]);
  for (let number = 0; number < 1_500; number++) m({ [`id${number}`]: number });
  f.runs = 0;
  for (let number = 0; number < 1_500; number++) m({ [`id${number}`]: number });
  assert.equal(f.runs, 0);
});

test("two spellings of one key are one entry, and leave together", () => {
  const f = counting(echo);
  const m = memoize(f);
  assert.equal(m({ a: 1, b: 2 }), m({ b: 2, a: 1 }));
  m.remove({ a: 1, b: 2 });
  m({ b: 2, a: 1 });
  assert.equal(f.runs, 2);
});

test("an entry that is evicted, overwritten, removed or cleared is not served by the front", () => {
  const f = counting(echo);
  const m = memoize(f, { maxEntries: 2 });
  for (let n = 0; n < 20; n++) m(n, n);
  assert.equal(m.entries().length, 2);
  f.runs = 0;
  for (let n = 0; n < 20; n++) m(n, n);
  assert.ok(f.runs >= 18);
  const old = m("x");
  assert.notEqual(m.with({ overwriteCache: true })("x"), old);
  assert.notEqual(m("x"), old);
  m.precacheValue(["x"], 5);
  assert.equal(m("x"), 5);
  m.clearCache();
  assert.deepEqual(m("x"), { args: ["x"] });
});

test("a limit is kept to the millisecond, and a clock set back is noticed", () =>
  withClock((pass) => {
    const f = counting(echo);
    const m = memoize(f, { staleAfter: 1_000 });
    const first = m(1);
    pass(999);
    assert.equal(m(1), first);
    pass(1);
    const second = m(1);
    assert.notEqual(second, first);
    assert.equal(m(1), second);
    pass(-1_001);
    assert.notEqual(m(1), second);
  }));

test("a coarse clock is read once in its resolution", ({ mock }) =>
  withClock((pass) => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const go = (millis) => {
      pass(millis);
      mock.timers.tick(millis);
    };
    const m = memoize(echo, { staleAfter: 20, clockResolution: 60 });
    const first = m(1);
    assert.equal(m(1), first);
    go(59);
    assert.equal(m(1), first);
    go(1);
    assert.notEqual(m(1), first);
  }));

test("concurrent callers share one run, its result and its error", async () => {
  const f = counting(async (n) => {
    await sleep(5);
    if (n < 0) throw new RangeError("negative");
    return { n };
  });
  const m = memoize(f);
  const results = await Promise.all(Array.from({ length: 64 }, () => m(1)));
  assert.ok(results.every((result) => result === results[0]));
  assert.equal(m(1), m(1));
  assert.equal(f.runs, 1);
  const failures = await Promise.allSettled([m(-1), m(-1), m(-1)]);
  assert.ok(failures.every(({ reason }) => reason === failures[0].reason));
  assert.equal(f.runs, 2);
  await assert.rejects(m(-1), RangeError);
  assert.equal(f.runs, 3);
});

test("the returned value decides: thenables are settled, all else is returned as it is", async () => {
  const lazy = memoize((n) => ({ then: (resolve) => resolve(n) }));
  assert.equal(await lazy(7), 7);
  assert.equal(lazy.peek(7), 7);
  const mixed = memoize((n) => (n > 0 ? Promise.resolve(n) : n));
  assert.equal(mixed(0), 0);
  assert.equal(await mixed(1), 1);
  const failing = memoize(() => ({ get then() { throw new Error("then"); } }));
  assert.throws(() => failing(), /then/);
});

test("recursion runs, also on its own key", () => {
  const fibonacci = memoize((n) => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2)));
  assert.equal(fibonacci(80), 23416728348467685);
  const own = memoize((n) => (depth++ < 3 ? own(n) : n));
  let depth = 0;
  assert.equal(own(4), 4);
});

test("arguments mutated before a delayed call are not stored under their old key", async () => {
  const f = counting(async ({ n }) => {
    await sleep(10);
    return n;
  });
  const m = memoize(f);
  const argument = { n: 1 };
  const owner = m({ n: 1 });
  const waiter = m(argument);
  argument.n = 2;
  m.clearBeingCalculated();
  assert.equal(await waiter, 2);
  assert.equal(await owner, 1);
  assert.equal(m.peek({ n: 2 }), undefined);
});

test("a refresh is not run for mutated arguments or another scope", () =>
  withClock(async (pass) => {
    let user = "ann";
    const f = counting(({ n }) => `${user} ${n}`);
    const m = memoize(f, { staleAfter: 10, nextTime: true, scope: () => user });
    const argument = { n: 1 };
    m(argument);
    pass(20);
    assert.equal(m(argument), "ann 1");
    argument.n = 2;
    await m.idle();
    assert.equal(f.runs, 1);
    argument.n = 1;
    m(argument);
    user = "bob";
    await m.idle();
    assert.equal(f.runs, 1);
    user = "ann";
    m(argument);
    await m.idle();
    assert.equal(f.runs, 2);
  }));

test("a failing refresh leaves the old value and disturbs nobody", () =>
  withClock(async (pass) => {
    const types = [];
    let isDown = false;
    const m = memoize(async () => { if (isDown) throw new Error("down"); return "up"; }, {
      staleAfter: 10,
      nextTime: true,
      onEvent: ({ type }) => types.push(type),
    });
    await m();
    isDown = true;
    pass(20);
    assert.equal(await m(), "up");
    await m.idle();
    assert.equal(await m(), "up");
    await m.idle();
    assert.deepEqual(types.slice(0, 3), ["computed", "stale hit", "failed"]);
  }));

test("staleIfError serves the old value, of sync and async functions", () =>
  withClock(async (pass) => {
    let isDown = false;
    const work = () => { if (isDown) throw new Error("down"); return "up"; };
    const sync = memoize(work, { staleAfter: 10, staleIfError: 100 });
    const later = memoize(async () => work(), { staleAfter: 10, staleIfError: 100 });
    sync();
    await later();
    isDown = true;
    pass(20);
    assert.equal(sync(), "up");
    assert.equal(await later(), "up");
    assert.equal((await later.trace()).outcome, "stale hit");
    pass(200);
    assert.throws(sync, /down/);
    await assert.rejects(later(), /down/);
  }));

test("key and scope identify a call; both see what the caller sees", () => {
  let user = "ann";
  const f = counting(function (order) { return `${user} ${order.id} ${this?.shop}`; });
  const m = memoize(f, { scope: () => user, key(order) { return [order.id, this?.shop]; } });
  const shop = { shop: "tea", total: m };
  assert.equal(shop.total({ id: 1, close() {} }), "ann 1 tea");
  assert.equal(shop.total({ id: 1 }), "ann 1 tea");
  user = "bob";
  assert.equal(shop.total({ id: 1 }), "bob 1 tea");
  assert.equal(f.runs, 2);
  user = 5;
  assert.throws(() => shop.total({ id: 1 }), /scope/);
});

test("a scope is never taken for an argument", () => {
  let user;
  const m = memoize((...args) => [user, ...args], { scope: () => user });
  m("ann", 1);
  user = "ann";
  assert.deepEqual(m(1), ["ann", 1]);
  assert.deepEqual(m(), ["ann"]);
});

test("a result tells where it came from", async () => {
  const m = memoize(async (n) => { await sleep(5); return n; });
  const [owner, waiter] = await Promise.all([m.trace(1), m.trace(1)]);
  assert.deepEqual([owner.outcome, waiter.outcome], ["computed", "waited"]);
  await sleep(20);
  const { value, outcome, age } = await m.trace(1);
  assert.deepEqual([value, outcome], [1, "hit"]);
  assert.ok(age >= 15, String(age));
  assert.equal((await m.with({ skipCache: true }).trace(1)).outcome, "bypassed");
});

test("hits of the front are counted, and all outcomes add up to the calls", () => {
  const m = memoize(echo, { metrics: true });
  for (let n = 0; n < 30; n++) m(n % 3);
  m.with({ skipCache: true })(1);
  m({ a: 1 });
  m({ a: 1 });
  const { hits, computed, bypassed, entries } = m.metrics();
  assert.deepEqual({ hits, computed, bypassed, entries }, { hits: 28, computed: 4, bypassed: 1, entries: 4 });
  assert.equal(memoize(echo).metrics(), null);
});

test("an event handler that throws disturbs nobody", (context) => {
  const warn = context.mock.method(console, "warn", () => undefined);
  const m = memoize(echo, { onEvent: () => { throw new Error("handler"); } });
  assert.equal(m(1), m(1));
  assert.equal(warn.mock.callCount(), 2);
});

test("switching caching and parameters reaches what the front holds", () => {
  const f = counting(echo);
  const m = memoize(f);
  const stored = m(1);
  disableCaching();
  assert.notEqual(m(1), stored);
  enableCaching();
  assert.equal(m(1), stored);
  setGlobalParams({ staleAfter: 0 });
  assert.notEqual(m(1), stored);
  setGlobalParams({ staleAfter: "never" });
  const last = m(1);
  assert.equal(m(1), last);
  clearAll();
  assert.notEqual(m(1), last);
});

test("a memoized function looks like its function", () => {
  const add = Object.assign(function add(a, b) { return a + b; }, { unit: "m" });
  const m = memoize(add);
  assert.deepEqual([m.name, m.length, m.unit], ["add", 2, "m"]);
  assert.equal(m.with({}).name, "add");
  assert.equal(m.cacheDpath(), null);
  assert.equal(m.keyOf(42), "81182a");
});

test("the decorator keeps a cache for each object", () => {
  const price = counting(function (item) { return `${item} ${this?.currency}`; });
  const decorated = memoized({ staleAfter: "1m" })(price, { kind: "method", name: "price" });
  class Shop {
    constructor(currency) { this.currency = currency; }
  }
  Shop.prototype.price = decorated;
  const [here, there] = [new Shop("EUR"), new Shop("SEK")];
  assert.deepEqual([here.price("tea"), there.price("tea"), here.price("tea")], ["tea EUR", "tea SEK", "tea EUR"]);
  assert.equal(price.runs, 2);
  cacheOf(here, here.price).clearCache();
  here.price("tea");
  there.price("tea");
  assert.equal(price.runs, 3);
  assert.throws(() => cacheOf(here, price), TypeError);
});

test("misuse is a TypeError that says what to do", () => {
  assert.throws(() => memoize(5), /memoize takes a function/);
  for (const options of [null, 5, "x", []]) assert.throws(() => memoize(echo, options), TypeError);
  assert.throws(() => memoize(echo, { staleAftr: 1 }), /staleAfter/);
  assert.throws(() => memoize(echo).with({ maxAg: 1 }), /maxAge/);
  assert.throws(() => memoize(echo)(() => 1), /`key`/);
  assert.throws(() => memoize(echo).precacheValue(1, 2), /array/);
  assert.throws(() => memoize(echo).precacheValue([1], Promise.resolve(2)), /settled/);
  assert.throws(() => memoized({})(class {}.prototype, "price", {}), /TC39/);
  assert.throws(() => memoized({}, "price", {}), /TC39/);
  assert.throws(() => memoized()(undefined, { kind: "field" }), /methods/);
});
