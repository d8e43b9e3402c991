// What is tested in a browser that WebDriver drives: the laws, and tabs that share what is stored. Knows no browser by name.

import { beforeEach, describe } from "node:test";
import { stage } from "../support/windows.mjs";
import { goingAway, testPutAside } from "./aside.mjs";
import { testLaws } from "./laws.mjs";
import { site } from "./site.mjs";
import { tabIn, testTabs } from "./tabs.mjs";

/** Makes the tests of a browser; `quota` is what testTabs takes, with the options of a browser that has it. */
export function testEngine(name, { port, quota }) {
  describe("laws", () => {
    const here = stage(name, { port, ...site });
    testLaws((page) => here.browser.newPage(page));
  });

  describe("tabs", () => {
    const openTab = tabsOf(stage(name, { port, ...site }, quota?.options));
    testTabs(openTab, { quota });
    for (const core of ["indexeddb", "localstorage"]) describe(`${core} and the back/forward cache`, () => testPutAside(core, goingAway, openTab));
  });
}

/** A browser whose tabs the tests of the calling file share: opens one. */
export function stageTabs(name, { port }) {
  return tabsOf(stage(name, { port, ...site }));
}

/** Each test begins without tabs, and with nothing stored. */
function tabsOf(here) {
  beforeEach(async () => {
    await here.browser.closePages();
    const page = await here.browser.newPage("policy.html");
    await page.evaluate(emptyStores);
    await page.close();
  });
  return async () => tabIn(await here.browser.newPage("tab.html"));
}

/** Runs in a page: a session has no profile but its own, and its tests share it. */
async function emptyStores() {
  localStorage.clear();
  for (const { name } of await indexedDB.databases())
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = resolve;
      request.onerror = reject;
    });
}
