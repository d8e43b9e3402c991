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

test("a first get has a request of its own, before all that is small is read beside it", async () => {
  const trips = await page.evaluate(async () => {
    await globalThis.several(20, globalThis.made());
    const f = globalThis.made();
    return globalThis.trips(() => f(1));
  });
  assert.deepEqual(trips, { transactions: 1, reads: 2 });
});

test("of a thousand gets at once none has a request of its own", async () => {
  const trips = await page.evaluate(async () => {
    await globalThis.several(1_000, (n) => globalThis.made().precacheValue([n], n));
    const f = globalThis.made();
    return globalThis.trips(() => globalThis.several(1_000, f));
  });
  assert.deepEqual(trips, { transactions: 1, reads: 2 });
});

test("a value set is one request that waits for no reply, and a hundred set at once share transaction and message", async () => {
  const [one, hundred] = await page.evaluate(async () => {
    const f = globalThis.made();
    await f.precacheValue([0], "first");
    const alone = await globalThis.trips(() => f.precacheValue([1], "one"));
    return [alone, await globalThis.trips(() => globalThis.several(100, (n) => f.precacheValue([n], n)))];
  });
  assert.deepEqual(one, { transactions: 1, writes: 1, messages: 1 });
  assert.deepEqual(hundred, { transactions: 1, writes: 100, messages: 1 });
});

test("a miss of what is known to be missing is a lock, a look under it, and a store", async () => {
  const trips = await page.evaluate(async () => {
    const f = globalThis.made();
    await f(0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    return globalThis.trips(() => f(1));
  });
  assert.deepEqual(trips, { locks: 1, transactions: 2, reads: 4, writes: 1, messages: 1 });
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
  assert.deepEqual(trips, { transactions: 1, writes: 10, messages: 1 });
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
