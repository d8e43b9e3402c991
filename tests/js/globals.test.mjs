// What holds for all memoized functions, over all copies of the library.

import assert from "node:assert/strict";
import { test } from "node:test";
import { anotherCopy, anotherSlimCopy, loneCopy } from "./support/copies.mjs";
import { fakeClock } from "./suite/clock.mjs";

function counter({ memoize }, options) {
  let runs = 0;
  return memoize(() => ++runs, options);
}

test("a call comes before the definition, which comes before the global parameters, which come before what is built in", async (context) => {
  const clock = fakeClock();
  context.after(clock.remove);
  const library = await loneCopy();
  const before = counter(library);
  library.setGlobalParams({ staleAfter: "2s" });
  const after = counter(library);
  const own = counter(library, { staleAfter: "4s" });
  for (const f of [before, after, own]) f();
  await clock.advance(2_000);
  assert.deepEqual([before(), after(), own(), own.with({ staleAfter: "1s" })()], [2, 2, 1, 2]);
});

test("a change holds for functions that have served already, both ways", async (context) => {
  const clock = fakeClock();
  context.after(clock.remove);
  const library = await loneCopy();
  const f = counter(library);
  f();
  await clock.advance(3_000);
  assert.equal(f(), 1);
  library.setGlobalParams({ staleAfter: "2s" });
  assert.equal(f(), 2);
  library.setGlobalParams({ staleAfter: "1h" });
  await clock.advance(3_000);
  assert.equal(f(), 2);
  assert.equal(f(), 2);
});

test("nextTime, allowNone and sizes can be global", async () => {
  const library = await loneCopy();
  const none = library.memoize(() => undefined, { name: "none" });
  library.setGlobalParams({ allowNone: true, entrySizeLimit: "1KB" });
  let runs = 0;
  const large = library.memoize(() => (runs++, "x".repeat(2_000)));
  none();
  assert.equal(none.trace().outcome, "hit");
  large();
  large();
  assert.equal(runs, 2);
});

test("bounds and counters are taken at the definition", async () => {
  const library = await loneCopy();
  const before = library.memoize((n) => n);
  library.setGlobalParams({ maxEntries: 2, metrics: true });
  const after = library.memoize((n) => n);
  for (let number = 0; number < 5; number++) assert.equal(before(number) + after(number), 2 * number);
  assert.deepEqual([before.entries().length, after.entries().length], [5, 2]);
  assert.deepEqual([before.metrics(), after.metrics().computed], [null, 5]);
});

test("what was set can be read back", async () => {
  const library = await loneCopy();
  assert.deepEqual(library.getGlobalParams(), {});
  const given = { staleAfter: "1m", nextTime: true, staleIfError: false, allowNone: true, maxEntries: 10, metrics: true };
  library.setGlobalParams({ ...given, maxBytes: undefined });
  assert.deepEqual(library.getGlobalParams(), given);
  library.setGlobalParams({ maxEntries: 20 });
  assert.deepEqual(library.getGlobalParams(), { ...given, maxEntries: 20 });
});

test("what was set can be set again as it was read", async () => {
  const [library, other] = [await loneCopy(), await anotherCopy()];
  library.setGlobalParams({ staleAfter: "1h", nextTime: "5m", entrySizeLimit: "10MB", cleanupInterval: "2h" });
  const read = library.getGlobalParams();
  other.setGlobalParams(read);
  assert.deepEqual(other.getGlobalParams(), read);
});

test("a wrong parameter changes nothing", async () => {
  const library = await loneCopy();
  assert.throws(() => library.setGlobalParams({ staleAfter: "1h", nextTime: "soon" }), /nextTime/);
  assert.deepEqual(library.getGlobalParams(), {});
});

test("copies share what is set", async () => {
  const [one, other] = [await loneCopy(), await anotherCopy()];
  const f = counter(other);
  one.setGlobalParams({ staleAfter: 0 });
  assert.deepEqual([f(), f()], [1, 2]);
  assert.deepEqual(other.getGlobalParams(), { staleAfter: 0 });
});

test("a copy that comes later knows what was set before", async () => {
  const one = await loneCopy();
  one.setGlobalParams({ staleAfter: 0 });
  const f = counter(await anotherCopy());
  assert.deepEqual([f(), f()], [1, 2]);
  one.disableCaching();
  const g = counter(await anotherCopy(), { staleAfter: "1h" });
  assert.deepEqual([g.trace().outcome, g.trace().outcome], ["bypassed", "bypassed"]);
  one.enableCaching();
  assert.deepEqual([g.trace().outcome, g.trace().outcome], ["computed", "hit"]);
});

test("copies are cleared, disabled and enabled together", async () => {
  const [one, other] = [await loneCopy(), await anotherCopy()];
  const [f, g] = [counter(one), counter(other)];
  assert.deepEqual([f(), g()], [1, 1]);
  one.clearAll();
  assert.deepEqual([f(), g()], [2, 2]);
  other.disableCaching();
  assert.deepEqual([f(), g()], [3, 3]);
  one.enableCaching();
  assert.deepEqual([f(), g()], [2, 2]);
});

test("caching can be disabled before anything is memoized", async () => {
  const library = await loneCopy();
  library.disableCaching();
  const f = counter(library);
  assert.deepEqual([f(), f()], [1, 2]);
});

test("a copy whose engine does not run yet takes no harm", async () => {
  const slim = await anotherSlimCopy();
  const library = await loneCopy();
  slim.clearAll();
  slim.disableCaching();
  slim.enableCaching();
  library.clearAll();
  assert.throws(() => slim.setGlobalParams({ staleAfter: 1 }), /init\(source\)/);
});

test("every hit is counted once, whichever way it is found, also when a limit comes and goes", async (context) => {
  const clock = fakeClock();
  context.after(clock.remove);
  const library = await loneCopy();
  const f = counter(library, { metrics: true });
  const calls = [[1], [1, 2], [1, 2, 3], [1, 2, 3, 4, 5], [{ content: 1 }], [], ["text", undefined]];
  const callAll = () => calls.forEach((args) => f(...args));
  const counted = ({ hits, computed, entries } = f.metrics()) => [hits / calls.length, computed / calls.length, entries / calls.length];
  for (let round = 0; round < 3; round++) callAll();
  assert.deepEqual(counted(), [2, 1, 1]);
  library.setGlobalParams({ staleAfter: "2s" });
  for (let round = 0; round < 2; round++) callAll();
  assert.deepEqual(counted(), [4, 1, 1]);
  await clock.advance(2_000);
  callAll();
  assert.deepEqual(counted(), [4, 2, 1]);
  library.setGlobalParams({ staleAfter: undefined });
  for (let round = 0; round < 2; round++) callAll();
  assert.deepEqual([counted()[1], counted()[2]], [2, 1]);
  f.clearCache();
  callAll();
  assert.deepEqual(counted(), [6, 3, 1]);
});
