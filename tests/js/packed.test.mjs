// What is small is packed into one row once a page had to read it one by one: nobody is to see anything else in it than what is stored.

import assert from "node:assert/strict";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { root } from "../../scripts/places.mjs";
import { stageAnew } from "./support/chromium.mjs";

const here = stageAnew({ port: 9_030, mounts: { "/pkg/": join(root, "pkg"), "/": join(root, "tests/js/pages") } });
let page;

async function open() {
  const tab = await here.context.newPage();
  await tab.goto(`${here.served.url}tab.html`);
  await tab.waitForFunction(() => "library" in globalThis);
  await tab.evaluate(prepare);
  return tab;
}

beforeEach(async () => {
  page = await open();
});

/** In the page. */
function prepare() {
  const settled = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
  globalThis.made = (options) => globalThis.library.memoize(async (n) => (n === "fails" ? Promise.reject(new Error("no")) : `calculated ${n}`), { core: "indexeddb", name: "f", ...options });
  globalThis.store = (names, value) => Promise.all(names.map((n) => globalThis.made().precacheValue([n], value ?? `stored ${n}`)));
  globalThis.upTo = (count) => Array.from({ length: count }, (_, n) => n);
  globalThis.inDatabase = async (mode, work) => {
    const database = await settled(indexedDB.open("cachier2"));
    const result = await work(database.transaction("entries", mode).objectStore("entries"), settled);
    database.close();
    return result;
  };
  globalThis.packedNames = () =>
    globalThis.inDatabase("readonly", async (entries, settled) => (await settled(entries.get(["f", ""])))?.entry.names);
  /** Has what is there read one by one, which packs it. */
  globalThis.packed = async (options) => {
    await globalThis.made(options)(0);
    while ((await globalThis.packedNames()) === undefined) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  /** What many calls at once are given by a function that has asked for nothing before, and how many requests that takes. */
  globalThis.readAnew = async (names, options) => {
    const f = globalThis.made(options);
    let reads = 0;
    for (const [source, read] of [IDBObjectStore, IDBIndex].flatMap((source) => [[source, "get"], [source, "getAll"]])) {
      const { [read]: original } = source.prototype;
      source.prototype[read] = function (...args) {
        reads++;
        return Reflect.apply(original, this, args);
      };
    }
    return { values: await Promise.all(names.map((n) => f(n))), reads };
  };
}

const stored = (names) => names.map((n) => `stored ${n}`);
const upTo = (count) => Array.from({ length: count }, (_, n) => n);

test("what was packed is read in one request, with what is younger", async () => {
  const { values, reads } = await page.evaluate(async () => {
    await globalThis.store(globalThis.upTo(300));
    await globalThis.packed();
    return globalThis.readAnew(globalThis.upTo(300));
  });
  assert.deepEqual(values, stored(upTo(300)));
  assert.equal(reads, 1);
});

test("few entries are not packed, and are read together all the same", async () => {
  const [names, { values, reads }] = await page.evaluate(async () => {
    await globalThis.store(globalThis.upTo(60));
    await globalThis.made()(0);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    return [await globalThis.packedNames(), await globalThis.readAnew(globalThis.upTo(60))];
  });
  assert.equal(names, undefined);
  assert.deepEqual(values, stored(upTo(60)));
  assert.equal(reads, 2);
});

test("what was stored again or for the first time since is read as it is now", async () => {
  const { values } = await page.evaluate(async () => {
    await globalThis.store(globalThis.upTo(100));
    await globalThis.packed();
    await globalThis.store([3, 200], "later");
    await globalThis.store([4], "x".repeat(100_000));
    return globalThis.readAnew([2, 3, 4, 200, 5, 6, 7, 8, 9, 10, 11, 12]);
  });
  assert.deepEqual(values, ["stored 2", "later", "x".repeat(100_000), "later", ...stored([5, 6, 7, 8, 9, 10, 11, 12])]);
});

test("much that was stored since is read beside it, and packed with it", async () => {
  const [first, names, second] = await page.evaluate(async () => {
    const { store, packed, packedNames, readAnew, upTo } = globalThis;
    await store(upTo(100));
    await packed();
    await store([3, ...upTo(250).slice(100)], "later");
    const first = await readAnew(upTo(250));
    while ((await packedNames()).length < 250) await new Promise((resolve) => setTimeout(resolve, 50));
    return [first, new Set(await packedNames()).size, await readAnew(upTo(250))];
  });
  const expected = upTo(250).map((n) => (n === 3 || n >= 100 ? "later" : `stored ${n}`));
  assert.deepEqual([first.values, second.values, names, second.reads], [expected, expected, 250, 1]);
});

test("what was removed, swept, evicted or cleared since does not come back, whoever did it", async () => {
  const gone = await page.evaluate(async () => {
    const { made, store, packed, inDatabase, readAnew, upTo } = globalThis;
    const changes = {
      removed: () => made().remove(3),
      swept: async () => {
        const f = made({ staleAfter: 1, cleanupStale: true, cleanupInterval: 1 });
        await f(1_000);
        await f.idle();
      },
      evicted: () => Promise.all(upTo(50).map((n) => made({ maxEntries: 100 }).precacheValue([500 + n], "another"))),
      cleared: () => made().clearCache(),
      removedByHand: () => inDatabase("readwrite", (entries, settled) => Promise.all(upTo(100).map((n) => settled(entries.delete(["f", `[${n}]`]))))),
    };
    const gone = {};
    for (const [how, change] of Object.entries(changes)) {
      await made().clearCache();
      await store(upTo(100));
      await packed();
      await change();
      const { values } = await readAnew(upTo(20));
      gone[how] = values.filter((value) => value.startsWith("calculated")).length;
    }
    return gone;
  });
  assert.deepEqual(gone, { removed: 1, swept: 20, evicted: 20, cleared: 20, removedByHand: 20 });
});

test("it stays where what is to be removed is not there", async () => {
  const names = await page.evaluate(async () => {
    await globalThis.store(globalThis.upTo(100));
    await globalThis.packed();
    await globalThis.made().remove(1_000);
    return (await globalThis.packedNames())?.length;
  });
  assert.equal(names, 100);
});

test("no more of it is read than is to be preloaded, and the others are read one by one", async () => {
  const seen = await page.evaluate(async () => {
    await globalThis.store(globalThis.upTo(300), "x".repeat(1_000));
    await globalThis.packed();
    const some = await globalThis.readAnew(globalThis.upTo(300), { preload: "64 KiB" });
    return { values: [...new Set(some.values)], reads: some.reads };
  });
  assert.deepEqual(seen.values, ["x".repeat(1_000)]);
  assert.ok(seen.reads > 200, `${seen.reads} requests`);
});

test("a tab whose clock was set back stores over what another one has packed", async () => {
  const other = await open();
  await page.evaluate(() => globalThis.store(globalThis.upTo(100)));
  // It knows the numbers as they were, and has given out none itself.
  await other.evaluate(() => globalThis.made({ preload: false })("fails").catch(() => undefined));
  await page.evaluate(() => globalThis.packed());
  await other.waitForTimeout(100);
  await other.evaluate(() => {
    const { now } = Date;
    Date.now = () => now() - 3_600_000;
    return globalThis.store([3], "later");
  });
  const { values } = await page.evaluate(() => globalThis.readAnew(globalThis.upTo(20)));
  assert.equal(values[3], "later");
});

test("nothing is packed while the clock says that the youngest is of the future", async () => {
  const names = await page.evaluate(async () => {
    await globalThis.store(globalThis.upTo(100));
    const { now } = Date;
    Date.now = () => now() - 3_600_000;
    await globalThis.made()(0);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    return globalThis.packedNames();
  });
  assert.equal(names, undefined);
});

test("what a small front has let go is read once more", async () => {
  const runs = await page.evaluate(async () => {
    let runs = 0;
    const f = () => globalThis.library.memoize(async (n) => `${n}${(runs++, "x".repeat(1_000))}`, { core: "indexeddb", name: "small", front: "16 KiB" });
    await Promise.all([1, 2, 3].map(f()));
    const g = f();
    for (const n of [1, 2, 3, ...Array.from({ length: 60 }, (_, n) => 100 + n)]) await g(n);
    runs = 0;
    await Promise.all([g(2), g(3)]);
    return runs;
  });
  assert.equal(runs, 0);
});
