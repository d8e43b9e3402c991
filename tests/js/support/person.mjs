// What a person does with the page and sees of it, in any browser. Knows the page's words, not its code.

import { eventually } from "./webdriver.mjs";

const key = { tab: "\uE004", shift: "\uE008", enter: "\uE007", space: " ", backspace: "\uE003", end: "\uE010", control: "\uE009" };

/** Somebody in front of the page that `url` serves. */
export function personAt(browser, url) {
  const { run } = browser;
  const text = (selector) => run((where) => document.querySelector(where).textContent.trim(), selector);
  const outcomes = () => run(() => [...document.querySelectorAll("#calls tr")].map((row) => row.dataset.outcome));
  const me = {
    /** Nothing is stored, and the page is open at this view. */
    arrives: async (view) => {
      await browser.go(`${url}files/note.txt`);
      await browser.runLater(forgetAll);
      await me.opens(view);
    },
    opens: async (view) => {
      const search = `?${Date.now()}`;
      await browser.go(`${url}${search}#${view}`);
      await eventually(() => run(watchTroubles, search));
    },
    reloads: async () => {
      const search = await run(() => location.search);
      await browser.reload();
      await eventually(() => run(watchTroubles, search));
    },
    /** What the page has thrown and nobody caught. */
    troubles: () => run(() => document.documentElement.dataset.troubles ?? ""),
    /** Where the page moved meanwhile, and the click went beside the button, a person clicks again. */
    presses: async (name) => {
      const button = `//section[not(@hidden)]//button[normalize-space()=${quoted(name)}]`;
      await run(watchClicks);
      await browser.clickText(button);
      if ((await run(() => document.documentElement.dataset.clicked)) === "beside") await browser.clickText(button);
    },
    goesTo: (view) => browser.clickText(`//nav/a[normalize-space()=${quoted(view)}]`),
    opensGroup: (title) => browser.clickText(`//summary[normalize-space()=${quoted(title)}]`),
    chooses: (id, option) => browser.clickText(`//select[@id=${quoted(id)}]/option[normalize-space()=${quoted(option)}]`),
    /** Replaces what stands in a field, and leaves it. */
    writes: async (id, words) => {
      await browser.clear(`#${id}`);
      if (words !== "") await browser.type(`#${id}`, words);
      await browser.press(key.tab);
    },
    clicks: (selector) => browser.click(selector),
    text,
    outcomes,
    /** The outcomes of all calls, newest first, once there are so many. */
    outcomesOf: async (count) => {
      await eventually(async () => (await outcomes()).length >= count).catch(async (failure) => {
        throw new Error(`${failure.message}\n${JSON.stringify(await browser.runLater(stateOfPage))}`);
      });
      return outcomes();
    },
    reads: (selector, expected) => eventually(async () => expected.test(await text(selector))),
    /** Tabs to the button of this name, as who has no mouse. */
    reaches: async (name) => {
      for (let step = 0; step < 60; step++) {
        if ((await run(() => document.activeElement.textContent.trim())) === name) return;
        await browser.press(key.tab);
      }
      throw new Error(`the keyboard does not reach ${name}`);
    },
    pressesKey: (name) => browser.press(key[name]),
    hasFocus: (id) => run((wanted) => document.activeElement.id === wanted, id),
  };
  return me;
}

function quoted(words) {
  return `"${words}"`;
}

/**
 * Runs in the page: whether it is this one and has been drawn, and from then on notes what nobody catches. Both in one
 * script: a browser may say that a page has been loaded while the one before it still answers.
 */
function watchTroubles(search) {
  if (location.search !== search || !document.querySelector("#tabs-list tr")) return false;
  const { dataset } = document.documentElement;
  const note = (event) => (dataset.troubles = `${dataset.troubles ?? ""}${event.reason ?? event.message}\n`);
  for (const type of ["error", "unhandledrejection"]) addEventListener(type, note);
  return true;
}

/** Runs in the page: notes where the next click goes. */
function watchClicks() {
  const { dataset } = document.documentElement;
  delete dataset.clicked;
  const note = ({ target }) => (dataset.clicked = target.closest("button") ? "a button" : "beside");
  addEventListener("click", note, { capture: true, once: true });
}

/** Runs in the page: what may tell why a call does not end. */
async function stateOfPage() {
  const [{ held, pending }, databases] = await Promise.all([navigator.locks.query(), indexedDB.databases()]);
  const { dataset } = document.documentElement;
  return { held, pending, databases, troubles: dataset.troubles, isHidden: document.hidden, latest: document.querySelector("#latest").textContent };
}

/** Runs in the page. */
async function forgetAll() {
  localStorage.clear();
  sessionStorage.clear();
  await new Promise((resolve) => {
    const request = indexedDB.deleteDatabase("cachier2");
    request.onsuccess = request.onerror = resolve;
  });
}
