// The examples that `memoize` documents, with it and with cachier in its place; and what differs on purpose.

import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";
import * as cachier from "cachier";
import * as peer from "memoize";
import { likeMemoize } from "./adapters.mjs";
import { counterClass } from "./classes.mjs";

const { memoize } = cachier;
const memoizeByPeer = peer.default;
const MINUTE = 60_000;

beforeEach(() => mock.timers.enable({ apis: ["Date", "setTimeout"] }));
afterEach(() => mock.timers.reset());

/** A function whose result is the number of the run. */
function counting() {
  let index = 0;
  return () => ++index;
}

for (const [name, library] of Object.entries({ memoize: peer, "cachier in its place": likeMemoize }))
  describe(`the examples of memoize, with ${name}`, () => {
    const { default: memoizeAsThere, memoizeClear, memoizeDecorator, memoizeIsCached } = library;

    test("the first argument tells calls apart", () => {
      const counter = memoizeAsThere(counting());
      assert.deepEqual([counter("foo"), counter("foo"), counter("bar"), counter("bar"), counter("bar", "foo")], [1, 1, 2, 2, 2]);
    });

    test("what returns promises works as well", async () => {
      let index = 0;
      const counter = memoizeAsThere(async () => ++index);
      assert.deepEqual([await counter(), await counter()], [1, 1]);
    });

    test("a value expires at its age", async () => {
      const get = memoizeAsThere(async () => counter(), { maxAge: 1_000 });
      const counter = counting();
      const url = "https://example.org";
      assert.deepEqual([await get(url), await get(url)], [1, 1]);
      mock.timers.tick(2_000);
      assert.equal(await get(url), 2);
    });

    test("by the first argument alone the second one is wrong, with a key of both it is right", () => {
      const wrong = memoizeAsThere((a, b) => a ** b);
      assert.deepEqual([wrong(2, 2), wrong(2, 3)], [4, 4]);
      const right = memoizeAsThere((a, b) => a ** b, { cacheKey: (args) => args.join(",") });
      assert.deepEqual([right(2, 2), right(2, 3)], [4, 8]);
    });

    test("objects are keyed by their JSON", () => {
      const one = memoizeAsThere(counting(), { cacheKey: JSON.stringify });
      assert.deepEqual([one({ full: true }), one({ full: true })], [1, 1]);
      const two = memoizeAsThere(counting(), { cacheKey: JSON.stringify });
      assert.deepEqual([two("hello", { full: true }), two("hello", { full: true }), two("hello", {})], [1, 1, 2]);
    });

    test("it is told whether a call is cached", () => {
      const add = memoizeAsThere((a, b) => a + b, { cacheKey: JSON.stringify });
      add(1, 2);
      assert.deepEqual([memoizeIsCached(add, 1, 2), memoizeIsCached(add, 3, 4)], [true, false]);
    });

    test("clearing forgets everything", () => {
      const counter = memoizeAsThere(counting());
      counter("foo");
      memoizeClear(counter);
      assert.equal(counter("foo"), 2);
    });

    test("a decorated method has a cache for each object", async () => {
      const Counter = await counterClass(memoizeDecorator, { isOlder: library === peer });
      const [one, other] = [new Counter(), new Counter()];
      assert.deepEqual([await one.counter(), await one.counter(), await other.counter()], [1, 1, 1]);
    });

    test("a decorated method takes options", async () => {
      const Counter = await counterClass(() => memoizeDecorator({ maxAge: 1_000 }), { isOlder: library === peer });
      const one = new Counter();
      await one.counter();
      mock.timers.tick(2_000);
      assert.equal(await one.counter(), 2);
    });
  });

describe("what takes the place of what memoize has", () => {
  test("metrics, of a map that counts", async () => {
    const get = memoize(async (url) => url.length, { metrics: true });
    for (let call = 0; call < 3; call++) await get("https://example.org");
    const { hits, computed } = get.metrics();
    assert.deepEqual({ hits, misses: computed }, { hits: 2, misses: 1 });
  });

  test("maxEntries, of a map with a bound", () => {
    const counter = memoize(counting(), { maxEntries: 2 });
    for (let n = 0; n < 10; n++) counter(n);
    assert.equal(counter.entries().length, 2);
  });

  test("maxAge at the call, of an age that the arguments decide", () => {
    const counter = memoize(counting());
    const aged = (year) => (year < 2030 ? counter(year) : counter.with({ maxAge: MINUTE })(year));
    assert.deepEqual([aged(2000), aged(2040)], [1, 2]);
    mock.timers.tick(2 * MINUTE);
    assert.deepEqual([aged(2000), aged(2040)], [1, 3]);
  });

  test("numbers of one's own for objects, of keys by identity", () => {
    const numbers = new WeakMap();
    let latest = 0;
    const numberOf = (object) => numbers.get(object) ?? (numbers.set(object, ++latest), latest);
    const listen = memoize(counting(), { key: (emitter, event, listener) => [numberOf(emitter), event, numberOf(listener)] });
    const [header, main] = [new EventTarget(), new EventTarget()];
    assert.deepEqual([listen(header, "click", console.log), listen(header, "click", console.log), listen(main, "load", console.log)], [1, 1, 2]);
  });
});

describe("what differs from memoize on purpose", () => {
  test("all arguments are the key, there the first", () => {
    const pow = (a, b) => a ** b;
    const [there, here] = [memoizeByPeer(pow), memoize(pow)];
    assert.deepEqual([there(2, 2), there(2, 3), here(2, 2), here(2, 3)], [4, 4, 4, 8]);
  });

  test("objects are keyed by content, there by identity", () => {
    const [there, here] = [memoizeByPeer(counting()), memoize(counting())];
    assert.deepEqual([there({ full: true }), there({ full: true }), here({ full: true }), here({ full: true })], [1, 2, 1, 1]);
  });

  test("arguments that have no content to go by are refused, there they are keyed by identity", () => {
    assert.equal(memoizeByPeer(counting())(console.log), 1);
    assert.throws(() => memoize(counting())(console.log), { name: "TypeError", message: /key/ });
  });

  test("undefined and null run again unless allowNone is on, there they are served", () => {
    for (const nothing of [undefined, null]) {
      const runs = { there: 0, here: 0 };
      const there = memoizeByPeer(() => (runs.there++, nothing));
      const here = memoize(() => (runs.here++, nothing));
      for (const f of [there, here, there, here]) f(1);
      assert.deepEqual(runs, { there: 1, here: 2 });
    }
  });

  test("a rejection is not kept, there it is", async () => {
    let runs = 0;
    const failing = async () => {
      throw new Error(`run ${++runs}`);
    };
    const [there, here] = [memoizeByPeer(failing), memoize(failing)];
    const messages = [];
    for (const f of [there, there, here, here]) messages.push(await f(1).catch(({ message }) => message));
    assert.deepEqual(messages, ["run 1", "run 1", "run 2", "run 3"]);
  });

  test("a limit may be longer than timers count and that of a call less than nothing, there either is an error", () => {
    assert.throws(() => memoizeByPeer(counting(), { maxAge: 30 * 86_400_000 }), TypeError);
    assert.throws(() => memoizeByPeer(counting(), { maxAge: -1 }), TypeError);
    const counter = memoize(counting(), { staleAfter: "30d" });
    assert.deepEqual([counter(1), counter(1), counter.with({ maxAge: -1 })(1)], [1, 1, 2]);
  });

  test("a stale value stays, for nextTime and staleIfError and peek, there a timer removes it", () => {
    const options = { staleAfter: 1_000 };
    const [there, here] = [memoizeByPeer(counting(), { maxAge: 1_000 }), memoize(counting(), options)];
    there(1);
    here(1);
    mock.timers.tick(2_000);
    assert.deepEqual([peer.memoizeIsCached(there, 1), here.peek(1), here(1)], [false, 1, 2]);
  });

  test("an option that is none is an error, there it is ignored", () => {
    assert.equal(memoizeByPeer(counting(), { maxage: 1 })(1), 1);
    assert.throws(() => memoize(counting(), { maxage: 1 }), { message: /maxage/ });
    assert.throws(() => memoize(counting(), { cache: new Map() }), { message: /cache/ });
  });
});
