// Tabs of one browser that share what is stored, whichever browser it is. Knows neither of them nor how they are driven.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { heard, pause, until } from "./waiting.mjs";

const slow = 1_000;

/**
 * A tab in which functions can be defined and called, as tab.js says. `page` shows tab.html, or is about to; it can `evaluate`,
 * `reload` and `close`.
 */
export async function tabIn(page) {
  await until(() => page.evaluate(() => "library" in globalThis), "the tab has loaded");
  const does = (action) => (...words) => page.evaluate(([name, args]) => globalThis[name](...args), [action, words]);
  return {
    page,
    define: does("define"),
    call: does("call"),
    trace: does("trace"),
    runs: does("runs"),
    tell: does("tell"),
    warnings: () => page.evaluate(() => globalThis.warnings),
    reload: async () => {
      await page.reload();
      await until(() => page.evaluate(() => "library" in globalThis), "the tab has loaded again");
    },
  };
}

/** Until somebody of the origin calculates. */
export function someoneCalculates({ page }) {
  return until(() => page.evaluate(async () => (await navigator.locks.query()).held.length > 0), "somebody calculates");
}

/**
 * Makes the tests of what tabs share; each begins with nothing stored, and opens its tabs with `openTab`. `quota` tells how many
 * bytes an origin has in IndexedDB, and can set it; without one that quota is not reached. `ends` are the ways in which a tab can
 * end beside being closed.
 */
export function testTabs(openTab, { quota, ends = {} } = {}) {
  for (const core of ["indexeddb", "localstorage"])
    describe(core, () => {
      async function twoTabs(options, others = options) {
        const tabs = await Promise.all([openTab(), openTab()]);
        await tabs[0].define("f", { core, tab: "a", ...options });
        await tabs[1].define("f", { core, tab: "b", ...others });
        return tabs;
      }

      test("a value survives a reload", async () => {
        const tab = await openTab();
        await tab.define("f", { core });
        assert.equal(await tab.call("f", 1), "1");
        await tab.reload();
        await tab.define("f", { core });
        const { value, outcome } = await tab.trace("f", 1);
        assert.deepEqual([value, outcome, await tab.runs("f")], ["1", "hit", 0]);
      });

      test("one tab calculates, the other waits and receives the value", async () => {
        const [one, other] = await twoTabs({ millis: slow });
        const first = one.call("f", 1);
        await someoneCalculates(other);
        const second = other.trace("f", 1);
        assert.equal(await first, "a1");
        const { value, outcome } = await second;
        assert.deepEqual([value, outcome, await other.runs("f")], ["a1", "waited", 0]);
      });

      for (const [ending, end] of Object.entries({ "is closed": (page) => page.close(), ...ends }))
        test(`a tab that ${ending} in mid-calculation is succeeded at once`, async () => {
          const [one, other] = await twoTabs({ millis: 2 * slow }, {});
          await one.page.evaluate(() => void globalThis.call("f", 1));
          await someoneCalculates(one);
          const second = other.call("f", 1);
          await pause(slow / 4);
          const start = Date.now();
          await end(one.page);
          assert.equal(await second, "b1");
          assert.ok(Date.now() - start < 3 * slow, `${Date.now() - start} ms after its end`);
        });

      test("what one tab stores, clears, removes or precaches is seen by the other", async () => {
        const [one, other] = await twoTabs({});
        assert.deepEqual([await one.call("f", 1), await other.call("f", 1)], ["a1", "a1"]);
        await one.tell("f", "precacheValue", [1], "by hand");
        await heard(() => other.call("f", 1), "by hand");
        await one.tell("f", "clearCache");
        await heard(() => other.call("f", 1), "b1");
        await one.tell("f", "remove", 1);
        await heard(() => other.call("f", 1), "b2");
      });

      test("a coherent function sees what another tab has stored", async () => {
        const [one, other] = await twoTabs({ coherent: true });
        await other.call("f", 1);
        for (let round = 0; round < 20; round++) {
          await one.tell("f", "precacheValue", [1], `round ${round}`);
          // Between processes Chromium itself hands on what localStorage holds a little later.
          if (core === "localstorage") await heard(() => other.call("f", 1), `round ${round}`);
          else assert.equal(await other.call("f", 1), `round ${round}`);
        }
      });

      test("tabs that serve a stale value refresh it once", async () => {
        const [one, other] = await twoTabs({ millis: slow / 2, staleAfter: slow / 2, nextTime: true });
        await one.call("f", 1);
        await other.call("f", 1);
        await pause(0.75 * slow);
        const stale = await Promise.all([one.call("f", 1), other.call("f", 1)]);
        assert.deepEqual(stale, ["a1", "a1"]);
        await Promise.all([one.tell("f", "idle"), other.tell("f", "idle")]);
        assert.equal((await one.runs("f")) + (await other.runs("f")), 2);
      });

      test("clearing in one tab frees who waits in the other", async () => {
        const [one, other] = await twoTabs({ millis: 2 * slow }, {});
        await one.page.evaluate(() => void globalThis.call("f", 1));
        await someoneCalculates(one);
        const second = other.call("f", 1);
        await pause(slow / 4);
        await one.tell("f", "clearCache");
        assert.equal(await second, "b1");
      });

      test("where storage is forbidden calls return all the same", async () => {
        const { page } = await openTab();
        const told = await page.evaluate(askForbiddenFrame, core);
        assert.deepEqual(told, { values: ["1", "2"], warnings: 1 });
      });

      const room = core === "localstorage" ? { bytes: 5_000_000, set: () => undefined } : quota;
      if (room !== undefined) testQuota(core, room, openTab);
    });

  describe("IndexedDB", () => {
    test("that is deleted in mid-use is made anew", async () => {
      const [one, other] = [await openTab(), await openTab()];
      for (const tab of [one, other]) await tab.define("f", { core: "indexeddb", coherent: true });
      await one.call("f", 1);
      const deletion = await other.page.evaluate(
        () =>
          new Promise((resolve) => {
            const request = indexedDB.deleteDatabase("cachier2");
            request.onsuccess = () => resolve("deleted");
            request.onerror = () => resolve("failed");
          }),
      );
      assert.equal(deletion, "deleted", "no tab keeps it from being deleted");
      assert.equal(await one.call("f", 1), "2");
      assert.equal(await other.call("f", 1), "2");
      assert.deepEqual([...(await one.warnings()), ...(await other.warnings())], []);
    });

    test("a database that another tab blocks costs no call its result", async () => {
      const blocker = await openTab();
      await blocker.page.evaluate(
        () =>
          new Promise((resolve) => {
            const request = indexedDB.open("cachier2", 99);
            request.onupgradeneeded = () => setTimeout(resolve, 100);
            request.onsuccess = () => request.result.close();
          }),
      );
      const tab = await openTab();
      await tab.define("f", { core: "indexeddb" });
      assert.equal(await tab.call("f", 1), "1");
    });

    test("small entries are read at once, and every later hit needs no request", async () => {
      const tab = await openTab();
      await tab.define("f", { core: "indexeddb" });
      for (let n = 0; n < 50; n++) await tab.call("f", n);
      await tab.reload();
      await tab.define("f", { core: "indexeddb" });
      const requests = await tab.page.evaluate(async () => {
        let count = 0;
        for (const { prototype } of [IDBObjectStore, IDBIndex])
          for (const name of ["get", "getAll", "openCursor"]) {
            const { [name]: original } = prototype;
            prototype[name] = function (...args) {
              count++;
              return Reflect.apply(original, this, args);
            };
          }
        const first = await globalThis.call("f", 0);
        const values = await Promise.all(Array.from({ length: 49 }, (_, n) => globalThis.call("f", n + 1)));
        return { count, values: new Set([first, ...values]).size };
      });
      assert.deepEqual([requests.values, await tab.runs("f")], [50, 0]);
      // That of the first call, a look whether they are packed, and one for all of them.
      assert.ok(requests.count <= 3, `${requests.count} requests for 50 entries`);
    });
  });
}

/** Runs in a page: a frame without an origin tries the store and tells. */
function askForbiddenFrame(core) {
  return new Promise((resolve) => {
    addEventListener("message", ({ data }) => resolve(data));
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts";
    frame.src = `forbidden.html#${core}`;
    document.body.append(frame);
  });
}

function testQuota(core, quota, openTab) {
  /** The number of characters: all of a value need not come out of its page. */
  const lengthOf = ({ page }, ...args) => page.evaluate(async (words) => (await globalThis.call(...words)).length, ["f", ...args]);

  test("where the quota is exceeded the oldest entries of this function make room", async () => {
    const tab = await openTab();
    const size = quota.bytes / 10;
    await quota.set(tab);
    await tab.define("f", { core, size });
    await tab.define("kept", { core });
    await tab.call("kept", 1);
    for (let n = 0; n < 20; n++) assert.equal(await lengthOf(tab, n), size + String(n + 1).length - 1);
    const keys = await tab.page.evaluate(async () => (await globalThis.tell("f", "entries")).map(({ key }) => key));
    assert.ok(keys.length > 2 && keys.length < 20, `${keys.length} are left`);
    // What a browser counts as free again, and when, is its own business: the last may not have been stored.
    assert.ok(!keys.includes("[0]"), `the oldest is gone: ${keys.join(" ")}\n${(await tab.warnings()).join("\n")}`);
    assert.equal((await tab.tell("kept", "entries")).length, 1, "another function's are left alone");
  });

  test("where the quota is exceeded an entry in use stays", async () => {
    const tab = await openTab();
    await quota.set(tab);
    await tab.define("f", { core, size: quota.bytes / 10 });
    const first = await lengthOf(tab, "in use");
    for (let n = 0; n < 20; n++) {
      await lengthOf(tab, n);
      assert.equal(await lengthOf(tab, "in use"), first);
    }
    assert.equal(await tab.runs("f"), 21);
  });

  test("a value beyond all quota is returned, with one report", async () => {
    const tab = await openTab();
    const size = 2.4 * quota.bytes;
    await quota.set(tab);
    await tab.define("f", { core, size });
    for (let n = 0; n < 2; n++) assert.equal(await lengthOf(tab, n), size);
    const warnings = await tab.warnings();
    assert.equal(warnings.length, 1, warnings.join("\n"));
    assert.match(warnings[0], /quota/i);
  });
}
