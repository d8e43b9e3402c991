// Tabs of Chromium that share what is stored, and the troubles that a browser makes, each for real.

import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { mounts } from "./shared/laws.mjs";
import { tabIn, testTabs } from "./shared/tabs.mjs";
import { heard } from "./shared/waiting.mjs";
import { stage } from "./support/chromium.mjs";

const here = stage({ port: 8_960, mounts });
let context;

beforeEach(async () => {
  await context?.close();
  context = await here.browser.newContext();
});

async function openTab() {
  const page = await context.newPage();
  await page.goto(`${here.served.url}tab.html`);
  return tabIn(page);
}

testTabs(openTab);

for (const core of ["indexeddb", "localstorage"])
  describe(core, () => {
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
