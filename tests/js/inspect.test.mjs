// `cachier/inspect`, in real tabs: what lies in the stores, and that functions and tabs notice what is removed there.

import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { clearCache, listCaches, listEntries, onChange, readValue, removeEntry, requestPersistence, storageInfo } from "cachier/inspect";
import { root } from "../../scripts/places.mjs";
import { stageAnew } from "./support/chromium.mjs";

const mounts = { "/pkg/": join(root, "pkg"), "/": join(root, "tests/js/pages") };
const here = stageAnew({ port: 9_010, mounts });

/** A tab as tab.js makes it, in which `inspect` is there as well. */
async function openTab() {
  const page = await here.context.newPage();
  await page.goto(`${here.served.url}tab.html`);
  await page.waitForFunction(() => "library" in globalThis);
  await page.evaluate(async () => (globalThis.inspect = await import("/pkg/inspect.js")));
  return page;
}

/** Waits until what is asked comes to this. */
async function becomes(ask, expected) {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (JSON.stringify(await ask()) === JSON.stringify(expected)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.deepEqual(await ask(), expected);
}

const trickyNames = ["plain", "a@b", "back\\slash@", "x:[1]", "x:\\[1]", "colon:", ":#", "!", "[", "two words", "é\u{1f600}\n"];

for (const core of ["indexeddb", "localstorage"])
  describe(core, () => {
    /** Defines a function in a tab that gives `${tab}${number of the run}`. */
    const define = (page, tab, options = {}) => page.evaluate(([given]) => globalThis.define("f", given), [{ core, tab, ...options }]);
    const call = (page, ...args) => page.evaluate((given) => globalThis.call("f", ...given), args);
    const tell = (page, method, ...args) => page.evaluate(([name, given]) => globalThis.tell("f", name, ...given), [method, args]);
    const asked = (page, name, ...args) => page.evaluate(([question, given]) => globalThis.inspect[question](...given), [name, args]);
    const cache = { core, id: "f" };

    test("every cache is listed by id, with its name, its version and what it holds", async () => {
      const page = await openTab();
      const listed = await page.evaluate(
        async ([where, names]) => {
          for (const name of names)
            for (const version of [undefined, "2", "2@\\x"]) {
              const f = globalThis.library.memoize(async () => "1234", { core: where, name, version });
              for (let n = 0; n < 3; n++) await f(n);
            }
          return globalThis.inspect.listCaches();
        },
        [core, trickyNames],
      );
      const expected = trickyNames.flatMap((name) => [undefined, "2", "2@\\x"].map((version) => `${name} ${version}`));
      assert.deepEqual(listed.map(({ name, version }) => `${name} ${version}`).sort(), expected.sort());
      assert.deepEqual(listed.map(({ id }) => id), listed.map(({ id }) => id).toSorted());
      for (const info of listed) {
        assert.deepEqual([info.core, info.entries], [core, 3]);
        assert.ok(info.bytes > 3 * 8 && info.bytes < 3 * 100, `${info.bytes} bytes`);
      }
    });

    test("entries are listed from the oldest to the youngest, with what is known of them", async () => {
      const page = await openTab();
      const before = Date.now();
      const [entries, hidden] = await page.evaluate(async (where) => {
        const { memoize } = globalThis.library;
        const f = memoize(async (n) => (n === 2 ? null : n), { core: where, name: "f", allowNone: true });
        const secret = memoize(async (n) => n, { core: where, name: "secret", storeArgs: false });
        for (const n of [3, 1, 2]) await f(n, { text: "x" });
        await f(3, { text: "x" });
        await f.precacheValue([1, { text: "x" }], 5);
        await secret("password");
        return Promise.all(["f", "secret"].map((id) => globalThis.inspect.listEntries({ core: where, id })));
      }, core);
      assert.deepEqual(entries.map(({ args }) => args), ['[3, {"text": "x"}]', '[2, {"text": "x"}]', '[1, {"text": "x"}]']);
      assert.deepEqual(entries.map(({ isNone }) => isNone), [false, true, false]);
      assert.ok(entries.every(({ storedAt, size }) => storedAt >= before && storedAt <= Date.now() && size > 0));
      assert.deepEqual([hidden.length, hidden[0].args], [1, undefined]);
    });

    test("more entries than are read at a time are listed all", async () => {
      const page = await openTab();
      await define(page, "");
      await page.evaluate(() => Promise.all(Array.from({ length: 700 }, (_, n) => globalThis.call("f", n))));
      const entries = await asked(page, "listEntries", cache);
      assert.equal(new Set(entries.map(({ args }) => args)).size, 700);
    });

    test("values come back as they were stored, small and large", async () => {
      const page = await openTab();
      const read = await page.evaluate(async (where) => {
        const values = [1, undefined, null, "x".repeat(100_000), new Map([["k", new Set([1n])]]), new Date(5), new Uint8Array([1, 255])];
        const f = globalThis.library.memoize(async (n) => values[n], { core: where, name: "f", allowNone: true });
        const { listEntries, readValue } = globalThis.inspect;
        const isSame = [];
        for (let n = 0; n < values.length; n++) {
          await f(n);
          const entry = (await listEntries({ core: where, id: "f" })).at(-1);
          const value = await readValue({ core: where, id: "f" }, entry);
          const shown = (any) => `${Object.prototype.toString.call(any)} ${any instanceof Map ? [...any.get("k")] : String(any)} ${Number(any)}`;
          isSame.push(shown(value) === shown(values[n]) && entry.args === `[${n}]`);
        }
        return [...isSame, await readValue({ core: where, id: "f" }, { name: "none" })];
      }, core);
      assert.deepEqual(read, [true, true, true, true, true, true, true, undefined]);
    });

    test("values that lie there as bytes are read", async () => {
      const page = await openTab();
      await define(page, "");
      await call(page, 1);
      const value = await page.evaluate(async (where) => {
        const { listEntries, readValue } = globalThis.inspect;
        const [{ name }] = await listEntries({ core: where, id: "f" });
        // 18446744073709551615 in CBOR.
        const digits = "1bffffffffffffffff";
        if (where === "localstorage") {
          const text = localStorage.getItem(`cachier:f:${name}`);
          localStorage.setItem(`cachier:f:${name}`, text.replace(/"value":.*}$/, `"bytes":"${digits}"}`));
        } else {
          const settled = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
          const database = await settled(indexedDB.open("cachier2"));
          const entries = database.transaction("entries", "readwrite").objectStore("entries");
          const row = await settled(entries.get(["f", name]));
          const value = Uint8Array.from(digits.match(/../g), (byte) => parseInt(byte, 16));
          await settled(entries.put({ ...row, entry: { ...row.entry, isBytes: true, value } }));
          database.close();
        }
        return String(await readValue({ core: where, id: "f" }, { name }));
      }, core);
      assert.equal(value, "18446744073709551615");
    });

    test("a function calculates anew what lies there as bytes", async () => {
      const [one, other] = [await openTab(), await openTab()];
      await define(one, "a");
      assert.equal(await call(one, 1), "a1");
      await one.evaluate(async (where) => {
        const [{ name }] = await globalThis.inspect.listEntries({ core: where, id: "f" });
        if (where === "localstorage") {
          const text = localStorage.getItem(`cachier:f:${name}`);
          localStorage.setItem(`cachier:f:${name}`, text.replace(/"value":.*}$/, '"bytes":"18"}'));
        } else {
          const settled = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
          const database = await settled(indexedDB.open("cachier2"));
          const entries = database.transaction("entries", "readwrite").objectStore("entries");
          const row = await settled(entries.get(["f", name]));
          await settled(entries.put({ ...row, entry: { ...row.entry, isBytes: true, value: Uint8Array.of(24) } }));
          database.close();
        }
      }, core);
      await define(other, "b");
      assert.equal(await call(other, 1), "b1");
    });

    test("an entry that is removed is served by no tab: by this one at once, by others when they have heard", async () => {
      const [one, other] = [await openTab(), await openTab()];
      await define(one, "a");
      await define(other, "b");
      assert.deepEqual([await call(one, 1), await call(one, 2), await call(other, 1)], ["a1", "a2", "a1"]);
      const [oldest, youngest] = await asked(one, "listEntries", cache);
      const [removed, again, value] = await one.evaluate(
        async ([where, entry]) => {
          const removed = await globalThis.inspect.removeEntry(where, entry);
          const value = await globalThis.call("f", 1);
          await globalThis.inspect.removeEntry(where, entry);
          return [removed, await globalThis.inspect.removeEntry(where, entry), value];
        },
        [cache, oldest],
      );
      assert.deepEqual([removed, again, value], [true, false, "a3"]);
      assert.deepEqual((await asked(one, "listEntries", cache)).map(({ name }) => name), [youngest.name]);
      assert.equal(await call(one, 2), "a2");
      await becomes(() => tell(other, "peek", 1), undefined);
      await becomes(async () => (await call(other, 1)).slice(0, 1), "b");
    });

    test("a cache that is cleared is served by no tab, and is known to be empty", async () => {
      const [one, other] = [await openTab(), await openTab()];
      await define(one, "a");
      await define(other, "b");
      for (const n of [1, 2, 3]) assert.deepEqual([await call(one, n), await call(other, n)], [`a${n}`, `a${n}`]);
      const values = await one.evaluate(async (where) => {
        await globalThis.inspect.clearCache(where);
        return Promise.all([1, 2, 3].map((n) => globalThis.tell("f", "peek", n)));
      }, cache);
      assert.deepEqual(values, [undefined, undefined, undefined]);
      await becomes(async () => (await Promise.all([1, 2, 3].map((n) => tell(other, "peek", n)))).filter(Boolean), []);
      assert.equal(await call(other, 1), "b1");
      await asked(other, "clearCache", cache);
      const listed = async (page) => (await asked(page, "listCaches")).map(({ id, entries, bytes }) => [id, entries, bytes]);
      assert.deepEqual(await listed(other), [["f", 0, 0]]);
      // Between processes Chromium itself hands on what localStorage holds a little later.
      await becomes(() => listed(one), [["f", 0, 0]]);
    });

    for (const [how, action] of Object.entries({
      "cleared": (where) => globalThis.inspect.clearCache(where),
      "removed": async (where) => globalThis.inspect.removeEntry(where, { name: globalThis.nameOfEntry }),
    }))
      test(`what is being calculated while its cache is ${how} is not stored`, async () => {
        const page = await openTab();
        await define(page, "", { millis: 300 });
        await call(page, 1);
        const [{ name }] = await asked(page, "listEntries", cache);
        await page.evaluate((known) => (globalThis.nameOfEntry = known), name);
        await tell(page, "remove", 1);
        const running = call(page, 1);
        await new Promise((resolve) => setTimeout(resolve, 100));
        await page.evaluate(action, cache);
        assert.equal(await running, "2");
        assert.deepEqual(await asked(page, "listEntries", cache), []);
      });

    test("changes are told, of this tab and of others, until one stops listening", async () => {
      const [one, other] = [await openTab(), await openTab()];
      await define(one, "a");
      await define(other, "b");
      await one.evaluate(() => {
        globalThis.heard = [];
        globalThis.stop = globalThis.inspect.onChange(({ core: where, id }) => globalThis.heard.push(`${where} ${id}`));
      });
      const hears = async (act) => {
        await one.evaluate(() => (globalThis.heard.length = 0));
        await act();
        await becomes(() => one.evaluate(() => [...new Set(globalThis.heard)]), [`${core} f`]);
        // What was told late belongs to this change.
        await new Promise((resolve) => setTimeout(resolve, 300));
      };
      await hears(() => call(one, 1));
      await hears(() => call(other, 2));
      await hears(() => tell(one, "precacheValue", [1], "x"));
      await hears(() => tell(one, "remove", 1));
      await hears(() => tell(other, "remove", 2));
      await hears(() => tell(one, "clearCache"));
      await hears(() => asked(one, "clearCache", cache));
      await hears(() => asked(other, "clearCache", cache));
      await one.evaluate(() => {
        globalThis.stop();
        globalThis.heard.length = 0;
      });
      await call(other, 1);
      await call(one, 2);
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.deepEqual(await one.evaluate(() => globalThis.heard), []);
    });

    test("many changes at once are told once, and a listener that throws keeps no other from hearing", async () => {
      const page = await openTab();
      await define(page, "");
      const thrown = [];
      page.on("pageerror", ({ message }) => thrown.push(message));
      await page.evaluate(() => {
        globalThis.count = 0;
        globalThis.inspect.onChange(() => {
          throw new Error("on purpose");
        });
        globalThis.inspect.onChange(() => globalThis.count++);
      });
      await page.evaluate(() => Promise.all(Array.from({ length: 200 }, (_, n) => globalThis.tell("f", "precacheValue", [n], "x"))));
      await becomes(() => page.evaluate(() => globalThis.count > 0), true);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const count = await page.evaluate(() => globalThis.count);
      assert.ok(count <= 3, `told ${count} times`);
      assert.ok(thrown.length > 0 && thrown.every((message) => message === "on purpose"), thrown.join("\n"));
    });

    test("what changed while the page was put aside is told when it is back", async () => {
      const [one, other] = [await openTab(), await openTab()];
      await define(other, "b");
      await call(other, 1);
      await one.evaluate(() => {
        globalThis.heard = [];
        globalThis.inspect.onChange(({ id }) => globalThis.heard.push(id));
        dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
      });
      await call(other, 2);
      await one.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
      await becomes(() => one.evaluate(() => [...new Set(globalThis.heard)]), ["f"]);
    });

    test("where storage is forbidden there are no caches", async () => {
      const page = await openTab();
      // An opaque origin may load modules only where it is told that it may.
      await page.route("**/*", async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, headers: { ...response.headers(), "access-control-allow-origin": "*" } });
      });
      await page.setContent(`<iframe sandbox="allow-scripts" src="${here.served.url}tab.html"></iframe>`);
      const frame = await (await page.waitForSelector("iframe")).contentFrame();
      await frame.waitForFunction(() => "library" in globalThis);
      const given = await frame.evaluate(async (where) => {
        const { listCaches, listEntries, onChange, storageInfo, requestPersistence } = await import("/pkg/inspect.js");
        onChange(() => {})();
        const listed = await listEntries({ core: where, id: "f" }).catch((error) => error instanceof Error);
        return [await listCaches(), where === "indexeddb" ? listed : listed.length === 0, await storageInfo(), await requestPersistence()];
      }, core);
      assert.deepEqual(given, [[], true, undefined, false]);
    });
  });

test("both stores are listed together", async () => {
  const page = await openTab();
  const listed = await page.evaluate(async () => {
    for (const [core, name] of [["localstorage", "b"], ["indexeddb", "c"], ["indexeddb", "a"]])
      await globalThis.library.memoize(async () => 1, { core, name })(1);
    localStorage.setItem("cachier:damaged:[1]", "{");
    localStorage.setItem("cachier", "of somebody else");
    localStorage.setItem("cachier:settings", "of somebody else");
    return (await globalThis.inspect.listCaches()).map(({ core, id, entries }) => `${core} ${id} ${entries}`);
  });
  assert.deepEqual(listed, ["indexeddb a 1", "localstorage b 1", "indexeddb c 1", "localstorage damaged 0"]);
});

test("a worker sees the caches of IndexedDB", async () => {
  const page = await openTab();
  const told = await page.evaluate(
    (url) =>
      new Promise((resolve) => {
        const source = `
          import { memoize } from "${url}index.js";
          import { clearCache, listCaches, onChange } from "${url}inspect.js";
          const heard = new Promise((resolve) => onChange(resolve));
          const f = memoize(async (n) => n, { core: "indexeddb", name: "f" });
          await f(1);
          const [cache] = await listCaches();
          await clearCache(cache);
          postMessage([cache.id, cache.entries, await f.peek(1), (await heard).id]);`;
        const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), { type: "module" });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => resolve(message);
      }),
    `${here.served.url}pkg/`,
  );
  assert.deepEqual(told, ["f", 1, undefined, "f"]);
});

test("the browser says how much there is and whether it stays", async () => {
  const page = await openTab();
  const [info, isGranted] = await page.evaluate(async () => [await globalThis.inspect.storageInfo(), await globalThis.inspect.requestPersistence()]);
  assert.ok(info.quota > 0 && info.usage >= 0 && info.usage < info.quota && info.isPersistent === false, JSON.stringify(info));
  assert.equal(typeof isGranted, "boolean");
});

test("where there is no browser there is nothing, and nothing fails", async () => {
  for (const core of ["indexeddb", "localstorage"]) {
    const cache = { core, id: "f" };
    assert.deepEqual(await listEntries(cache), []);
    assert.deepEqual([await readValue(cache, { name: "[1]" }), await removeEntry(cache, { name: "[1]" }), await clearCache(cache)], [undefined, false, undefined]);
  }
  assert.deepEqual([await listCaches(), await storageInfo(), await requestPersistence()], [[], undefined, false]);
  onChange(() => {})();
});

test("a store of another name is refused", async () => {
  await assert.rejects(listEntries({ core: "file", id: "f" }), { name: "RangeError", message: /core: "file" is unknown/ });
});
