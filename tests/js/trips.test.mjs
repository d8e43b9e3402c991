// How often a call goes to IndexedDB, to the locks and to other tabs: what it costs is mostly that.

import assert from "node:assert/strict";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { root } from "../../scripts/places.mjs";
import { stageAnew } from "./support/chromium.mjs";

const here = stageAnew({ port: 9_020, mounts: { "/pkg/": join(root, "pkg"), "/": join(root, "tests/js/pages") } });
let page;

beforeEach(async () => {
  page = await here.context.newPage();
  await page.goto(`${here.served.url}tab.html`);
  await page.waitForFunction(() => "library" in globalThis);
  await page.evaluate(countEverything);
});

/** In the page: `trips(work)` gives how often each of these was asked for until `work` was done. */
function countEverything() {
  const counts = {};
  const counted = [
    [IDBDatabase, "transaction", "transactions"],
    [IDBTransaction, "abort", "aborts"],
    [LockManager, "request", "locks"],
    [BroadcastChannel, "postMessage", "messages"],
    ...["get", "getAll", "openCursor"].flatMap((read) => [IDBObjectStore, IDBIndex].map((source) => [source, read, "reads"])),
    ...["put", "add", "delete"].map((write) => [IDBObjectStore, write, "writes"]),
  ];
  for (const [{ prototype }, method, kind] of counted) {
    const { [method]: original } = prototype;
    prototype[method] = function (...args) {
      counts[kind] = (counts[kind] ?? 0) + 1;
      return Reflect.apply(original, this, args);
    };
  }
  globalThis.trips = async (work) => {
    for (const kind of Object.keys(counts)) delete counts[kind];
    await work();
    await new Promise((resolve) => setTimeout(resolve, 50));
    return { ...counts };
  };
  globalThis.made = (options) => globalThis.library.memoize(async (n) => `value of ${n}`, { core: "indexeddb", name: "f", ...options });
  globalThis.several = (count, call) => Promise.all(Array.from({ length: count }, (_, n) => call(n)));
}

test("a get without a front is one request in a transaction of its own", async () => {
  const trips = await page.evaluate(async () => {
    const f = globalThis.made({ front: false });
    await f(1);
    return globalThis.trips(() => f(1));
  });
  assert.deepEqual(trips, { transactions: 1, reads: 1 });
});

test("a hundred gets at once share a transaction", async () => {
  const trips = await page.evaluate(async () => {
    await globalThis.several(100, globalThis.made());
    const f = globalThis.made({ preload: false });
    return globalThis.trips(() => globalThis.several(100, f));
  });
  assert.deepEqual(trips, { transactions: 1, reads: 100 });
});

test("what is stale or missing is not read again for the engine, which then decides", async () => {
  const [stale, missing, held] = await page.evaluate(async () => {
    const made = (options) => globalThis.made({ preload: false, staleAfter: 10, ...options });
    const elapsed = () => new Promise((resolve) => setTimeout(resolve, 20));
    await made()(1);
    await elapsed();
    const [stale, missing] = [await globalThis.trips(() => made()(1)), await globalThis.trips(() => made()(2))];
    const f = made({ nextTime: true });
    await f(1);
    await f.idle();
    await elapsed();
    return [stale, missing, await globalThis.trips(() => f(1))];
  });
  // One look, one under the lock, one of who stores: two reads each but the first.
  assert.deepEqual(stale, { transactions: 3, locks: 1, reads: 5, writes: 2 });
  assert.deepEqual(missing, { transactions: 3, locks: 1, reads: 5, writes: 1 });
  assert.deepEqual(held, { transactions: 2, locks: 1, reads: 4, writes: 2 });
});

test("a hit is counted also where nothing is held yet", async () => {
  const metrics = await page.evaluate(async () => {
    await globalThis.made()(1);
    const f = globalThis.made({ preload: false, metrics: true });
    await f(1);
    return f.metrics();
  });
  assert.equal(metrics.hits, 1);
});

test("a first get has a request of its own, before all that is small is read beside it", async () => {
  const trips = await page.evaluate(async () => {
    await globalThis.several(20, globalThis.made());
    const f = globalThis.made();
    return globalThis.trips(() => f(1));
  });
  assert.deepEqual(trips, { transactions: 1, reads: 3 });
});

test("of a thousand gets at once none has a request of its own", async () => {
  const trips = await page.evaluate(async () => {
    await globalThis.several(1_000, (n) => globalThis.made().precacheValue([n], n));
    const f = globalThis.made();
    return globalThis.trips(() => globalThis.several(1_000, f));
  });
  assert.deepEqual(trips, { transactions: 3, reads: 6 });
});

test("a value set is one request that waits for no reply, and a hundred set at once share transaction and message", async () => {
  const [one, hundred] = await page.evaluate(async () => {
    const f = globalThis.made();
    await f.precacheValue([0], "first");
    const alone = await globalThis.trips(() => f.precacheValue([1], "one"));
    return [alone, await globalThis.trips(() => globalThis.several(100, (n) => f.precacheValue([n], n)))];
  });
  assert.deepEqual(one, { transactions: 1, writes: 1 });
  assert.deepEqual(hundred, { transactions: 1, writes: 100 });
});

test("nobody is told where nobody is, and a hundred values set at once are one message to whoever is", async () => {
  const other = await here.context.newPage();
  await other.goto(`${here.served.url}tab.html`);
  await other.waitForFunction(() => "library" in globalThis);
  const set = () => globalThis.trips(() => globalThis.several(100, (n) => globalThis.f.precacheValue([n], n)));
  await page.evaluate(async () => {
    globalThis.f = globalThis.made();
    await globalThis.f.precacheValue([0], "first");
  });
  assert.equal((await page.evaluate(set)).messages, undefined);
  await other.evaluate(() => void globalThis.library.memoize(async (n) => n, { core: "indexeddb", name: "other" }));
  await page.waitForTimeout(100);
  assert.equal((await page.evaluate(set)).messages, 1);
});

test("who comes is told of what changed while nobody seemed to be there", async () => {
  const other = await here.context.newPage();
  await other.goto(`${here.served.url}tab.html`);
  await other.waitForFunction(() => "library" in globalThis);
  const define = () => void (globalThis.f = globalThis.library.memoize(async () => "calculated", { core: "indexeddb", name: "f" }));
  await page.evaluate(define);
  await page.evaluate(() => globalThis.f.precacheValue([1], "old"));
  // It opens while the first one is busy, which stores then and has not heard of it.
  const busy = page.evaluate(async () => {
    const end = Date.now() + 500;
    while (Date.now() < end);
    await globalThis.f.precacheValue([1], "new");
  });
  await other.evaluate(define);
  assert.equal(await other.evaluate(() => globalThis.f(1)), "old");
  await busy;
  await other.waitForFunction(async () => (await globalThis.f(1)) === "new");
});

test("a miss of what is known to be missing is a lock, a look under it, and a store", async () => {
  const trips = await page.evaluate(async () => {
    const f = globalThis.made();
    await f(0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    return globalThis.trips(() => f(1));
  });
  assert.deepEqual(trips, { locks: 1, transactions: 2, reads: 4, writes: 1 });
});

test("entries are counted only where there are bounds, which hold also after somebody has stored without counting", async () => {
  const [trips, left] = await page.evaluate(async () => {
    const [unbounded, bounded] = [globalThis.made(), globalThis.made({ maxEntries: 5 })];
    await globalThis.several(3, bounded);
    await globalThis.several(20, (n) => unbounded.precacheValue([100 + n], n));
    const counted = await globalThis.trips(() => bounded.precacheValue([4], 4));
    return [counted, (await bounded.entries()).length];
  });
  assert.equal(left, 5);
  assert.equal(trips.transactions, 1);
});

test("after a store that failed those of one turn share a transaction as before", async () => {
  const trips = await page.evaluate(async () => {
    const f = globalThis.made();
    await f.precacheValue([0], "first");
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("no", "DataError");
    };
    await f.precacheValue([1], "one").catch(() => undefined);
    IDBObjectStore.prototype.put = put;
    await f.precacheValue([2], "two");
    return globalThis.trips(() => globalThis.several(10, (n) => f.precacheValue([n], n)));
  });
  assert.deepEqual(trips, { transactions: 1, writes: 10 });
});

test("what was seen under a claim serves nobody once the claim is given back", async () => {
  const values = await page.evaluate(async () => {
    let isBroken = false;
    const fn = async () => {
      if (isBroken) throw new Error("broken");
      return "calculated";
    };
    const f = globalThis.library.memoize(fn, { core: "indexeddb", name: "f", coherent: true });
    const first = await f(1);
    isBroken = true;
    await f.with({ overwriteCache: true })(1).catch(() => undefined);
    // As the browser's tools would: nobody is told.
    const settled = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const database = await settled(indexedDB.open("cachier2"));
    const entries = database.transaction("entries", "readwrite").objectStore("entries");
    const row = await settled(entries.get(["f", "[1]"]));
    await settled(entries.put({ ...row, entry: { ...row.entry, value: "by hand" } }));
    database.close();
    return [first, await f(1)];
  });
  assert.deepEqual(values, ["calculated", "by hand"]);
});

test("without a front localStorage is read at each call, whoever has changed what lies there", async () => {
  const seen = await page.evaluate(async () => {
    const { library } = globalThis;
    let calls = 0;
    const f = library.memoize((n) => ({ n, calls: ++calls }), { core: "localstorage", name: "read", front: false, metrics: true });
    const item = "cachier:read:[1]";
    const served = [f(1), f(1), f(1), f(1)];
    const { hits } = await f.metrics();
    const text = localStorage.getItem(item);
    localStorage.setItem(item, text.replace('"calls":1', '"calls":7'));
    const byHand = f(1).calls;
    localStorage.setItem(item, text.slice(0, -3));
    const damaged = [f(1).calls, f(1).calls, f(1).calls];
    f.remove(1);
    const removed = [f(1).calls, f(1).calls];
    f.precacheValue([1], { n: 1, calls: 99 });
    const precached = [f(1).calls, f(1).calls, f(1).calls];
    library.disableCaching();
    const bypassed = f(1).calls;
    library.enableCaching();
    const again = f(1).calls;
    f.clearCache();
    return { served: served.map((value) => value.calls), isShared: served[2] === served[3], hits, byHand, damaged, removed, precached, bypassed, again, cleared: f(1).calls };
  });
  const expected = { served: [1, 1, 1, 1], isShared: false, hits: 3, byHand: 7, damaged: [2, 2, 2], removed: [3, 3], precached: [99, 99, 99], bypassed: 4, again: 99, cleared: 5 };
  assert.deepEqual(seen, expected);
});

test("without a front a value of localStorage becomes stale, and a promise stays one", async () => {
  const seen = await page.evaluate(async () => {
    let calls = 0;
    const f = globalThis.library.memoize(async () => ++calls, { core: "localstorage", name: "stale", front: false, staleAfter: 300 });
    const fresh = [await f(1), await f(1), await f(1)];
    const isPromise = f(1) instanceof Promise;
    await new Promise((resolve) => setTimeout(resolve, 350));
    return { fresh, isPromise, stale: await f(1) };
  });
  assert.deepEqual(seen, { fresh: [1, 1, 1], isPromise: true, stale: 2 });
});

test("without a front little is held of many keys of localStorage, and all of them are served", async () => {
  const calls = await page.evaluate(() => {
    let calls = 0;
    const f = globalThis.library.memoize((n) => ++calls + n, { core: "localstorage", name: "many", front: false });
    for (let round = 0; round < 3; round++) for (let n = 0; n < 1_500; n++) f(n);
    return calls;
  });
  assert.equal(calls, 1_500);
});
