// The page that `npm start` serves: what it shows is what happened.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, stage } from "./support/chromium.mjs";

const here = stage({ port: 8_940 });

async function outcomesAfter(page, press, rows) {
  await press();
  await page.waitForFunction((count) => document.querySelectorAll("#calls tr").length >= count, rows);
  return page.$$eval("#calls tr", (shown) => shown.map((row) => row.dataset.outcome));
}

test("calls, concurrent calls and the cleared cache are shown, by keyboard alone", async () => {
  const { page, troubles } = await open(here.browser, here.served.url);
  await page.selectOption("[name=staleAfter]", "");
  const button = (name) => page.getByRole("button", { name, exact: true });
  const call = () => button("Call").press("Enter");
  assert.deepEqual(await outcomesAfter(page, call, 1), ["computed"]);
  assert.deepEqual(await outcomesAfter(page, call, 2), ["hit", "computed"]);
  await button("Clear the cache").press("Enter");
  const crowd = () => button("64 calls at once").press("Space");
  assert.deepEqual(await outcomesAfter(page, crowd, 4), ["waited", "computed", "hit", "computed"]);
  assert.match(await page.innerText("#calls"), /63 × The whole/);
  assert.deepEqual(troubles, []);
});
