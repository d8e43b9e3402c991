// The page that `npm start` serves, driven as a person would: what it shows is what happened.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { buildPage } from "../../scripts/page.mjs";
import { stage } from "./support/chromium.mjs";

before(buildPage);
const here = stage({ port: 8_940 });
let context;
const troubles = [];

async function openTab(view = "playground") {
  context ??= await here.browser.newContext();
  const page = await context.newPage();
  page.on("pageerror", (error) => troubles.push(String(error)));
  await page.goto(`${here.served.url}#${view}`);
  return tabOf(page);
}

/** What a person does with a tab. */
function tabOf(page) {
  const button = (name) => page.getByRole("button", { name, exact: true });
  const outcomes = () => page.$$eval("#calls tr", (rows) => rows.map((row) => row.dataset.outcome));
  return {
    page,
    press: (name) => button(name).click(),
    choose: (label, option) => page.getByLabel(label, { exact: true }).selectOption(option),
    outcomes,
    /** The outcomes of all calls, newest first, once there are so many. */
    outcomesOf: async (count) => {
      await page.waitForFunction((wanted) => document.querySelectorAll("#calls tr").length >= wanted, count);
      return outcomes();
    },
    option: (name) => page.locator(`#define-${name}`),
    says: async (text) => page.locator("#latest", { hasText: text }).waitFor(),
  };
}

after(() => context?.close());

/** A fresh browser profile. */
async function firstTab(view) {
  await context?.close();
  context = undefined;
  return openTab(view);
}

describe("the playground", () => {
  test("by keyboard alone: calls, concurrent calls and the cleared cache are shown", async () => {
    const { page, outcomesOf } = await firstTab();
    const button = (name) => page.getByRole("button", { name, exact: true });
    const reach = async (name) => {
      for (let step = 0; step < 40; step++) {
        if (await button(name).evaluate((element) => element === document.activeElement)) return;
        await page.keyboard.press("Tab");
      }
      assert.fail(`the button ${name} was not reached`);
    };
    await reach("Call");
    await page.keyboard.press("Enter");
    assert.deepEqual(await outcomesOf(1), ["computed"]);
    await page.keyboard.press("Enter");
    assert.deepEqual(await outcomesOf(2), ["hit", "computed"]);
    await reach("Clear the cache");
    await page.keyboard.press("Space");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    const crowd = (await outcomesOf(66)).slice(0, 64);
    assert.deepEqual([crowd.filter((each) => each === "waited").length, crowd.filter((each) => each === "computed").length], [63, 1]);
    assert.deepEqual(troubles, []);
  });

  for (const core of ["indexeddb", "localstorage"])
    for (const work of ["A Mandelbrot tile", "A prime count, in WebAssembly", "A file, read slowly"])
      test(`${work} on ${core} is there again after a reload`, async () => {
        const tab = await firstTab();
        await tab.choose("Function", work);
        await tab.choose("core", core);
        await tab.option("staleAfter").fill("1h");
        await tab.press("Call");
        assert.deepEqual(await tab.outcomesOf(1), ["computed"]);
        await tab.page.reload();
        await tab.press("Call");
        assert.deepEqual(await tab.outcomesOf(1), ["hit"]);
        assert.match(await tab.page.innerText("#latest"), /: hit, .* old, in /);
      });

  test("a wrong option is explained beside its field, and no call is made until it is right", async () => {
    const tab = await firstTab();
    await tab.option("staleAfter").fill("3 dayz");
    await tab.press("Call");
    assert.match(await tab.page.innerText("#define-staleAfter-error"), /staleAfter.*did you mean day/);
    assert.equal(await tab.option("staleAfter").getAttribute("aria-invalid"), "true");
    assert.equal(await tab.option("staleAfter").evaluate((field) => field === document.activeElement), true);
    assert.deepEqual(await tab.outcomes(), []);
    await tab.option("staleAfter").fill("3 days");
    await tab.press("Call");
    assert.deepEqual(await tab.outcomesOf(1), ["computed"]);
    assert.equal(await tab.page.innerText("#define-staleAfter-error"), "");
  });

  test("every option can be wrong or right in its own field", async () => {
    const tab = await firstTab();
    for (const title of ["Options of one call", "How much is kept", "Waiting, stores and tabs"]) await tab.page.getByText(title).click();
    for (const name of ["nextTime", "staleIfError", "clockResolution", "entrySizeLimit", "maxEntries", "maxBytes", "cleanupInterval", "waitForCalcTimeout", "front", "preload"]) {
      await tab.option(name).fill("no such thing");
      await tab.option(name).blur();
      assert.match(await tab.page.innerText(`#define-${name}-error`), new RegExp(name), name);
      await tab.option(name).fill("");
      await tab.option(name).blur();
      assert.equal(await tab.page.innerText(`#define-${name}-error`), "", name);
    }
    await tab.page.locator("#call-maxAge").fill("1 dya");
    await tab.press("Call");
    assert.match(await tab.page.innerText("#call-maxAge-error"), /maxAge/);
    assert.deepEqual(await tab.outcomes(), []);
  });

  test("a stale value is served and refreshed, and an old one where the function fails", async () => {
    const tab = await firstTab();
    await tab.choose("Function", "A file, read slowly");
    await tab.option("staleAfter").fill("50ms");
    await tab.option("nextTime").fill("true");
    await tab.option("staleIfError").fill("1h");
    await tab.press("Call");
    await tab.outcomesOf(1);
    await tab.page.waitForTimeout(100);
    await tab.press("Call");
    assert.deepEqual(await tab.outcomesOf(3), ["refreshed", "stale hit", "computed"]);
    await tab.choose("This time it", "throws");
    await tab.option("nextTime").fill("");
    await tab.page.waitForTimeout(100);
    await tab.press("Call");
    assert.ok((await tab.outcomesOf(4)).includes("stale hit"));
  });

  test("options of one call: past the cache, and over it", async () => {
    const tab = await firstTab();
    await tab.page.getByText("Options of one call").click();
    await tab.press("Call");
    await tab.outcomesOf(1);
    await tab.page.locator("#call-skipCache").check();
    await tab.press("Call");
    await tab.outcomesOf(2);
    await tab.page.locator("#call-skipCache").uncheck();
    await tab.page.locator("#call-overwriteCache").check();
    await tab.press("Call");
    assert.deepEqual(await tab.outcomesOf(3), ["computed", "bypassed", "computed"]);
    assert.deepEqual(troubles, []);
  });
});
