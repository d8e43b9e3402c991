// A page that is put aside while others go on, for real. Knows no browser; `openTab` opens tabs that can go away and come back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { someoneCalculates } from "./tabs.mjs";
import { until } from "./waiting.mjs";

const slow = 5_000;

/** The ways to put a page aside: each is done to a tab, and gives what brings it back and tells whether it was kept meanwhile. */
export const goingAway = async ({ page }) => {
  await page.evaluate(() => void (globalThis.isTheSame = true));
  await page.go("policy.html");
  return async () => {
    await page.back();
    await until(() => page.evaluate(() => "library" in globalThis), "the page is back");
    return page.evaluate(() => globalThis.isTheSame === true);
  };
};

export const freezing = async ({ page }) => {
  await page.evaluate(() => document.addEventListener("freeze", () => (globalThis.wasFrozen = true)));
  await page.freeze();
  return async () => {
    await page.thaw();
    return page.evaluate(() => globalThis.wasFrozen === true);
  };
};

/** Makes the tests of one way. */
export function testPutAside(core, putAside, openTab) {
  async function twoTabs(options) {
    const tabs = [await openTab(), await openTab()];
    await tabs[0].define("f", { core, tab: "a", ...options });
    await tabs[1].define("f", { core, tab: "b" });
    return tabs;
  }

  /** Whether the page was kept: that is its browser's own business. */
  async function seesWhatOthersStored(argument) {
    const [one, other] = await twoTabs({});
    assert.equal(await one.call("f", argument), "a1");
    const bringBack = await putAside(one);
    await other.tell("f", "precacheValue", [argument], "meanwhile");
    const wasKept = await bringBack();
    if (wasKept) assert.equal(await one.call("f", argument), "meanwhile");
    return wasKept;
  }

  test("a page that is back sees what others have stored meanwhile", async () => {
    for (let attempt = 1; attempt <= 3; attempt++) if (await seesWhatOthersStored(attempt)) return;
    assert.fail("no page was put aside and kept");
  });

  test("who waits for a page that is put aside takes over, and what that page stores later is refused", async () => {
    const [one, other] = await twoTabs({ millis: slow });
    await one.page.evaluate(() => void (globalThis.running = globalThis.call("f", 1)));
    await someoneCalculates(one);
    const waiting = other.trace("f", 1);
    const bringBack = await putAside(one);
    assert.equal((await waiting).value, "b1");
    // Firefox keeps no page that holds a lock.
    if (await bringBack()) {
      assert.equal(await one.page.evaluate(() => globalThis.running), "a1", "its own caller has its value");
      assert.equal(await one.tell("f", "peek", 1), "b1");
    }
    assert.equal(await other.tell("f", "peek", 1), "b1");
  });
}
