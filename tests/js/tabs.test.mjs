// Tabs of Chromium that share what is stored, and the troubles that a browser makes, each for real.

import { describe, test } from "node:test";
import { site } from "./shared/site.mjs";
import { tabIn, testTabs } from "./shared/tabs.mjs";
import { heard } from "./shared/waiting.mjs";
import { stageAnew } from "./support/chromium.mjs";

const here = stageAnew({ port: 8_960, ...site });

async function openTab() {
  const page = await here.context.newPage();
  await page.goto(`${here.served.url}tab.html`);
  return tabIn(page);
}

/** Of IndexedDB. */
const quota = {
  bytes: 5_000_000,
  async set({ page }) {
    const session = await here.context.newCDPSession(page);
    await session.send("Storage.overrideQuotaForOrigin", { origin: new URL(here.served.url).origin, quotaSize: quota.bytes });
  },
};

async function crash(page) {
  const session = await here.context.newCDPSession(page);
  const crashed = page.waitForEvent("crash");
  // Nobody is left to answer.
  session.send("Page.crash").catch(() => undefined);
  await crashed;
}

testTabs(openTab, { quota, ends: { crashes: crash } });

for (const core of ["indexeddb", "localstorage"])
  describe(core, () => {
    test("without a front a tab holds nothing of what it read", async () => {
      const tab = await openTab();
      const session = await here.context.newCDPSession(tab.page);
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
      const session = await here.context.newCDPSession(tab.page);
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
  });
