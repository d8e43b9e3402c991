// Tabs of one browser that share what is stored, and the troubles that a browser makes, each for real.

import assert from "node:assert/strict";
import { join } from "node:path";
import { beforeEach, describe, test } from "node:test";
import { root } from "../../scripts/places.mjs";
import { stage } from "./support/chromium.mjs";

const mounts = { "/pkg/": join(root, "pkg"), "/": join(root, "tests/js/pages") };
const slow = 1_000;
const here = stage({ port: 8_960, mounts });
let context;

beforeEach(async () => {
  await context?.close();
  context = await here.browser.newContext();
});

/** A tab that can be told: `define`, `call`, `trace`, `runs`, `tell` and `warnings` as in tab.js. */
async function openTab() {
  const page = await context.newPage();
  await page.goto(`${here.served.url}tab.html`);
  await page.waitForFunction(() => "library" in globalThis);
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
      await page.waitForFunction(() => "library" in globalThis);
    },
  };
}

function pause(millis) {
  return new Promise((resolve) => setTimeout(resolve, millis));
}

/** Waits until a tab has heard: what it gives is then `expected`. */
async function heard(ask, expected) {
  for (let attempt = 0; attempt < 100; attempt++) {
    const given = await ask();
    if (given === expected) return;
    await pause(20);
  }
  assert.equal(await ask(), expected);
}

for (const core of ["indexeddb", "localstorage"])
  describe(core, () => {
    async function twoTabs(options) {
      const tabs = await Promise.all([openTab(), openTab()]);
      await tabs[0].define("f", { core, tab: "a", ...options });
      await tabs[1].define("f", { core, tab: "b", ...options });
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
      await pause(slow / 4);
      const second = other.trace("f", 1);
      assert.equal(await first, "a1");
      const { value, outcome } = await second;
      assert.deepEqual([value, outcome, await other.runs("f")], ["a1", "waited", 0]);
    });

    test("a tab that is closed in mid-calculation is succeeded at once", async () => {
      const [one, other] = await twoTabs({ millis: 2 * slow });
      await one.page.evaluate(() => void globalThis.call("f", 1));
      await pause(slow / 4);
      const second = other.call("f", 1);
      await pause(slow / 4);
      const start = Date.now();
      await one.page.close();
      assert.equal(await second, "b1");
      assert.ok(Date.now() - start < 3 * slow + 500, `${Date.now() - start} ms after it was closed`);
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
      const [one, other] = await twoTabs({ millis: 300, staleAfter: "200ms", nextTime: true });
      await one.call("f", 1);
      await other.call("f", 1);
      await pause(400);
      const stale = await Promise.all([one.call("f", 1), other.call("f", 1)]);
      assert.deepEqual(stale, ["a1", "a1"]);
      await Promise.all([one.tell("f", "idle"), other.tell("f", "idle")]);
      assert.equal((await one.runs("f")) + (await other.runs("f")), 2);
    });

    test("clearing in one tab frees who waits in the other", async () => {
      const [one, other] = await twoTabs({ millis: 3 * slow });
      await one.page.evaluate(() => void globalThis.call("f", 1));
      await pause(slow / 4);
      const second = other.call("f", 1);
      await pause(slow / 4);
      await one.tell("f", "clearCache");
      assert.equal(await second, "b1");
    });

    test("where the quota is exceeded the oldest entries of this function make room", async () => {
      const tab = await openTab();
      const size = 500_000;
      if (core === "indexeddb") {
        const session = await context.newCDPSession(tab.page);
        await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(here.served.url).origin, quotaSize: 5_000_000 });
      }
      await tab.define("f", { core, size });
      await tab.define("kept", { core });
      await tab.call("kept", 1);
      for (let n = 0; n < 20; n++) assert.equal((await tab.call("f", n)).length, size + String(n + 1).length - 1);
      const entries = await tab.tell("f", "entries");
      assert.ok(entries.length > 2 && entries.length < 20, `${entries.length} are left`);
      // What a browser counts as free again, and when, is its own business: the last may not have been stored.
      const keys = entries.map(({ key }) => key);
      assert.ok(!keys.includes("[0]"), `the oldest is gone: ${keys.join(" ")}\n${(await tab.warnings()).join("\n")}`);
      assert.equal((await tab.tell("kept", "entries")).length, 1, "another function's are left alone");
    });

    test("a value beyond all quota is returned, with one report", async () => {
      const tab = await openTab();
      if (core === "indexeddb") {
        const session = await context.newCDPSession(tab.page);
        await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(here.served.url).origin, quotaSize: 2_000_000 });
      }
      await tab.define("f", { core, size: 12_000_000 });
      for (let n = 0; n < 2; n++) assert.equal((await tab.call("f", n)).length, 12_000_000);
      const warnings = await tab.warnings();
      assert.equal(warnings.length, 1, warnings.join("\n"));
      assert.match(warnings[0], /quota/i);
    });

    test("without a front a tab holds nothing of what it read", async () => {
      const tab = await openTab();
      const session = await context.newCDPSession(tab.page);
      await tab.page.evaluate(async (where) => {
        globalThis.f = globalThis.library.memoize(async () => ({ large: "x".repeat(100) }), { core: where, name: "frontless", front: false });
        await globalThis.f(1);
        globalThis.held = new WeakRef(await globalThis.f(1));
      }, core);
      const isHeld = async () => {
        await session.send("HeapProfiler.collectGarbage");
        return tab.page.evaluate(() => globalThis.held.deref() !== undefined);
      };
      await heard(isHeld, false);
    });

    test("what a tab holds of a function goes when the function does", async () => {
      const tab = await openTab();
      const session = await context.newCDPSession(tab.page);
      await tab.page.evaluate(async (where) => {
        const value = { large: "x".repeat(100) };
        const f = globalThis.library.memoize(async () => value, { core: where, name: "short-lived" });
        await f(1);
        globalThis.held = new WeakRef(value);
      }, core);
      const isHeld = async () => {
        await session.send("HeapProfiler.collectGarbage");
        return tab.page.evaluate(() => globalThis.held.deref() !== undefined);
      };
      await heard(isHeld, false);
    });

    test("where storage is forbidden calls return all the same", async () => {
      const tab = await openTab();
      // An opaque origin may load modules only where it is told that it may.
      await tab.page.route("**/*", async (route) => {
        const response = await route.fetch();
        await route.fulfill({ response, headers: { ...response.headers(), "access-control-allow-origin": "*" } });
      });
      await tab.page.setContent(`<iframe sandbox="allow-scripts" src="${here.served.url}tab.html"></iframe>`);
      const frame = await (await tab.page.waitForSelector("iframe")).contentFrame();
      await frame.waitForFunction(() => "library" in globalThis);
      const given = await frame.evaluate(async (where) => {
        globalThis.define("f", { core: where });
        return [await globalThis.call("f", 1), typeof (await globalThis.call("f", 2)), globalThis.warnings.length];
      }, core);
      assert.deepEqual(given, ["1", "string", 1]);
    });
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
    assert.ok(requests.count <= 2, `${requests.count} requests for 50 entries`);
  });

  test("after the back/forward cache the store is read anew", async () => {
    const [one, other] = [await openTab(), await openTab()];
    for (const tab of [one, other]) await tab.define("f", { core: "indexeddb", tab: "x" });
    assert.equal(await one.call("f", 1), "x1");
    await one.page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
    await other.tell("f", "precacheValue", [1], "meanwhile");
    await one.page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
    assert.equal(await one.call("f", 1), "meanwhile");
  });
});
