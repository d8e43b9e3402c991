// The page that `npm start` serves, driven in every browser as a person would: what it shows is what happened.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { buildPage } from "../../scripts/page.mjs";
import { pageDirectory, root } from "../../scripts/places.mjs";
import { serve } from "../../scripts/serve.mjs";
import { personAt } from "./support/person.mjs";
import { browsers, eventually, start } from "./support/webdriver.mjs";

const mounts = { "/narrow/": join(import.meta.dirname, "shared/narrow"), "/axe/": join(root, "node_modules/axe-core"), "/": pageDirectory };
const [tile, primes, file] = ["A Mandelbrot tile", "A prime count, in WebAssembly", "A file, read slowly"];
let served;

before(async () => {
  await buildPage();
  served = await serve({ port: 8_940, mounts });
});
after(() => served.server.close());

// Side by side: a person waits most of the time.
describe("the page", { concurrency: browsers.length }, () => browsers.forEach(testIn));

function testIn(name) {
  describe(name, { concurrency: 1 }, () => {
    let browser, person;

    before(async () => {
      browser = await start(name);
      person = personAt(browser, served.url);
    });
    beforeEach(() => person.arrives("playground"));
    after(() => browser?.stop());

    test("by keyboard alone: calls, concurrent calls and the cleared cache are shown", async () => {
      await person.chooses("work", file);
      await person.reaches("Call");
      await person.pressesKey("enter");
      assert.deepEqual(await person.outcomesOf(1), ["computed"]);
      await person.pressesKey("enter");
      assert.deepEqual(await person.outcomesOf(2), ["hit", "computed"]);
      await person.reaches("Clear the cache");
      await person.pressesKey("space");
      await person.reads("#latest", /the cache is empty/i);
      await person.clicks("#many");
      const crowd = (await person.outcomesOf(66)).slice(0, 64);
      assert.deepEqual([crowd.filter((each) => each === "waited").length, crowd.filter((each) => each === "computed").length], [63, 1]);
      assert.match(await person.text("#metrics"), /waited63/);
      assert.match(await browser.run(() => document.querySelector("#timeline").ariaLabel), /66 calls: 1 hit, 63 waited, 2 computed/);
      assert.equal(await person.troubles(), "");
    });

    for (const [work, core] of [[tile, "indexeddb"], [primes, "localstorage"], [file, "indexeddb"], [file, "localstorage"]])
      test(`${work} on ${core} is there again after a reload`, async () => {
        await person.chooses("work", work);
        if (work === tile) await person.chooses("argument-1", "1,000");
        await person.chooses("define-core", core);
        await person.writes("define-staleAfter", "1h");
        await person.presses("Call");
        assert.deepEqual(await person.outcomesOf(1), ["computed"]);
        await person.reloads();
        await person.presses("Call");
        assert.deepEqual(await person.outcomesOf(1), ["hit"]);
        assert.match(await person.text("#latest"), /: hit, .* old, in /);
      });

    test("a wrong option is explained beside its field, and no call is made until it is right", async () => {
      await person.chooses("work", file);
      await person.writes("define-staleAfter", "3 dayz");
      await person.reads("#define-staleAfter-error", /^staleAfter.*did you mean day/);
      await person.presses("Call");
      assert.ok(await person.hasFocus("define-staleAfter"));
      assert.deepEqual(await person.outcomes(), []);
      await person.writes("define-staleAfter", "3 days");
      await person.presses("Call");
      assert.deepEqual(await person.outcomesOf(1), ["computed"]);
      assert.equal(await person.text("#define-staleAfter-error"), "");
    });

    test("each text of the definition is checked by the library, and its message names the option", async () => {
      for (const group of ["How much is kept", "Waiting, stores and tabs"]) await person.opensGroup(group);
      const options = ["nextTime", "staleIfError", "clockResolution", "entrySizeLimit", "maxEntries", "maxBytes", "cleanupInterval", "waitForCalcTimeout", "front", "preload"];
      for (const option of options) {
        await person.writes(`define-${option}`, "no such thing");
        await person.reads(`#define-${option}-error`, new RegExp(`^${option}`));
        await person.writes(`define-${option}`, "");
        await person.reads(`#define-${option}-error`, /^$/);
      }
    });

    test("a stale value is served and refreshed, and an old one where the function fails", async () => {
      await person.chooses("work", file);
      await person.writes("define-staleAfter", "50ms");
      await person.writes("define-nextTime", "true");
      await person.presses("Call");
      await person.outcomesOf(1);
      await new Promise((resolve) => setTimeout(resolve, 100));
      await person.presses("Call");
      assert.deepEqual(await person.outcomesOf(3), ["refreshed", "stale hit", "computed"]);
      await person.writes("define-nextTime", "");
      await person.writes("define-staleIfError", "1h");
      await person.presses("Call");
      await person.outcomesOf(4);
      await person.chooses("mood", "throws");
      await new Promise((resolve) => setTimeout(resolve, 100));
      await person.presses("Call");
      assert.ok((await person.outcomesOf(5)).slice(0, 2).includes("stale hit"));
    });

    test("options of one call: past the cache, and over it", async () => {
      await person.chooses("work", file);
      await person.opensGroup("Options of one call");
      await person.presses("Call");
      await person.outcomesOf(1);
      await person.clicks("#call-skipCache");
      await person.presses("Call");
      await person.outcomesOf(2);
      await person.clicks("#call-skipCache");
      await person.clicks("#call-overwriteCache");
      await person.presses("Call");
      assert.deepEqual(await person.outcomesOf(3), ["computed", "bypassed", "computed"]);
      await person.writes("call-maxAge", "1 dya");
      await person.reads("#call-maxAge-error", /^maxAge/);
    });

    test("of two tabs one calculates and the other receives", async () => {
      const first = await browser.window();
      await person.goesTo("Tabs");
      const second = await browser.openTab();
      await browser.toTab(second);
      await person.opens("tabs");
      await eventually(() => browser.run(() => document.querySelectorAll("#tabs-list tr").length === 2));
      await person.presses("Call in all tabs");
      const ended = () => browser.run(() => [...document.querySelectorAll("#tabs-list tr")].map((row) => row.dataset.outcome).sort());
      await eventually(async () => (await ended()).every((outcome) => outcome !== ""));
      assert.deepEqual(await ended(), ["computed", "waited"]);
      const status = /^(computed|waited): this tab has the value that Tab \d made/;
      assert.match(await person.text("#tabs-status"), status);
      await browser.closeTab();
      await browser.toTab(first);
      await person.reads("#tabs-status", status);
      await eventually(() => browser.run(() => document.querySelectorAll("#tabs-list tr").length === 1));
    });

    describe("the inspector", () => {
      beforeEach(async () => {
        await person.chooses("work", file);
        await person.chooses("define-core", "indexeddb");
        await person.writes("define-staleAfter", "1h");
        await person.presses("Call");
        await person.outcomesOf(1);
        await person.goesTo("Inspector");
        await person.presses("readFile");
        await person.reads("#entries", /\["weather.json", 800\]/);
      });

      test("lists caches and entries, shows values, removes and precaches", async () => {
        await person.reads("#caches", /readFile\s*none\s*indexeddb\s*1/);
        assert.match(await person.text("#entries"), /fresh for \d+ min/);
        await person.presses("Show");
        await person.reads("#entry-value-text", /Lighthouse/);
        await person.writes("put-arguments", '["by hand", 1]');
        await person.writes("put-value", '{"text": "put in", "readAt": null}');
        await person.presses("Precache");
        await person.reads("#entries", /\["by hand", 1\]/);
        await person.presses("Remove");
        await eventually(() => browser.run(() => document.querySelectorAll("#entries tr").length === 1));
        assert.equal(await browser.run(() => document.activeElement.textContent), "Remove", "the focus stays in the table");
        await person.presses("Clear this cache");
        await person.reads("#entries-status", /^0 entries/);
        await person.goesTo("Playground");
        await person.presses("Call");
        assert.deepEqual(await person.outcomesOf(2), ["computed", "computed"]);
        assert.equal(await person.troubles(), "");
      });

      test("exports a cache as a file, and imports it", async () => {
        await person.presses("Export a snapshot");
        await person.clicks("#exported a");
        const saved = await browser.saved("readFile.snapshot");
        await person.presses("Clear this cache");
        await person.reads("#entries-status", /^0 entries/);
        await browser.type("#import", saved);
        await person.presses("Import");
        await person.reads("#put-status", /^1 entry was stored, 0 skipped/);
        await person.reads("#entries", /\["weather.json", 800\]/);
        await person.goesTo("Playground");
        await person.presses("Call");
        assert.deepEqual(await person.outcomesOf(2), ["hit", "computed"]);
      });

      test("knows of a function that this page does not define what the store knows", async () => {
        await person.writes("put-name", "elsewhere");
        await person.writes("put-version", "2");
        await person.presses("Precache");
        await person.presses("elsewhere");
        await person.reads("#entries", /\[1\].*limit not known here/);
        await person.reloads();
        await person.presses("elsewhere");
        await person.reads("#entries-title", /elsewhere@2/);
        await person.presses("Export a snapshot");
        await person.reads("#exported", /elsewhere@2.snapshot/);
      });

      test("hears of what another tab stores", async () => {
        const first = await browser.window();
        await browser.toTab(await browser.openTab());
        await person.opens("inspector");
        await person.writes("put-name", "readFile");
        await person.writes("put-arguments", '["elsewhere"]');
        await person.presses("Precache");
        await person.reads("#put-status", /^Stored/);
        await browser.closeTab();
        await browser.toTab(first);
        await person.reads("#entries", /\["elsewhere"\]/);
      });
    });

    for (const view of ["playground", "inspector", "tabs"])
      test(`axe-core finds nothing serious in the ${view}`, async () => {
        await person.chooses("work", file);
        await person.chooses("define-core", "indexeddb");
        await person.presses("Call");
        await person.outcomesOf(1);
        await person.opens(view);
        for (const summary of ["Options of one call", "How much is kept", "Waiting, stores and tabs", "What is told"])
          if (view === "playground") await person.opensGroup(summary);
        if (view === "inspector") await person.presses("readFile");
        assert.deepEqual(await seriousIn(browser), []);
        const light = await browser.run(() => getComputedStyle(document.body).backgroundColor);
        await browser.run(() => (document.documentElement.style.colorScheme = "dark"));
        assert.notEqual(await browser.run(() => getComputedStyle(document.body).backgroundColor), light);
        assert.deepEqual(await seriousIn(browser), [], "in the dark");
      });

    test("nothing is wider than a narrow screen", async () => {
      // Not every browser makes its own window so narrow.
      await browser.go(`${served.url}narrow/index.html`);
      for (const view of ["playground", "inspector", "tabs"]) {
        await browser.run((address) => frames[0].location.replace(address), `${served.url}?${Date.now()}#${view}`);
        await eventually(() => browser.run(() => frames[0].document.querySelectorAll("#tabs-list tr").length > 0));
        assert.equal(await browser.run(() => frames[0].innerWidth), 360);
        await eventually(() => browser.run(() => frames[0].document.documentElement.scrollWidth <= 360));
      }
    });
  });
}

/** What axe-core calls serious or critical, as it says it. */
async function seriousIn(browser) {
  const found = await browser.runLater(async () => {
    await new Promise((resolve, reject) => document.head.append(Object.assign(document.createElement("script"), { src: "/axe/axe.min.js", onload: resolve, onerror: reject })));
    const { violations } = await window.axe.run();
    return violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
  return found;
}
