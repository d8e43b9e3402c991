// What is tested in a browser that WebDriver drives: the laws, and tabs that share what is stored. Knows no browser by name.

import { beforeEach, describe } from "node:test";
import { stage } from "../support/webdriver.mjs";
import { mounts, testLaws } from "./laws.mjs";
import { tabIn, testTabs } from "./tabs.mjs";

export function testEngine(name, { port }) {
  const here = stage(name, { port, mounts });
  const open = (page) => here.browser.newPage(here.served.url + page);

  testLaws(open);

  describe("tabs", () => {
    beforeEach(async () => {
      await here.browser.closePages();
      const page = await open("policy.html");
      await page.evaluate(emptyStores);
      await page.close();
    });

    testTabs(async () => tabIn(await open("tab.html")));
  });
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
