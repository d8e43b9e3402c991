// Windows of a browser that WebDriver drives, each of which can be told something while the others are busy. Knows nothing of what they show.

import { after, before } from "node:test";
import { serve } from "../../../scripts/serve.mjs";
import { until } from "../shared/waiting.mjs";
import { start } from "./webdriver.mjs";

const kinds = {
  // A tab that another one covers is hidden, as one has to be that is frozen.
  chromium: { window: "tab" },
  firefox: { window: "window" },
  webkit: { window: "window" },
};

/** The browser, started with these options, and a server of these files, there while the tests of the calling suite run. */
export function stage(name, files, options) {
  const here = {};
  before(async () => {
    here.served = await serve(files);
    here.browser = new Windows(await start(name, options), here.served.url, kinds[name].window);
  });
  after(async () => {
    await here.browser?.stop();
    here.served?.server.close();
  });
  return here;
}

/** The windows of a session, which takes one command at a time, for the window that is turned to. */
class Windows {
  #session;
  #url;
  #kind;
  #last = Promise.resolve();
  #current;
  #home;
  #pages = new Set();

  constructor(session, url, kind) {
    this.#session = session;
    this.#url = url;
    this.#kind = kind;
  }

  /** A window of its own that shows a page of what is served. */
  async newPage(name) {
    // A session ends with its last window.
    this.#home ??= await this.#session.window();
    const { handle } = await this.tell(this.#home, ({ post }) => post("window/new", { type: this.#kind }));
    const page = new Page(this, handle);
    this.#pages.add(page);
    await page.go(name);
    return page;
  }

  async closePages() {
    for (const page of this.#pages) await page.close();
  }

  async closePage(page, handle) {
    if (!this.#pages.delete(page)) return;
    await this.tell(handle, async ({ closeTab }) => {
      await closeTab();
      this.#current = undefined;
    });
  }

  addressOf(name) {
    return this.#url + name;
  }

  /** Sends commands to one window, when those before have been answered. */
  tell(handle, send) {
    const sent = this.#last.then(() => this.#turnTo(handle)).then(() => send(this.#session));
    this.#last = sent.catch(() => undefined);
    return sent;
  }

  async #turnTo(handle) {
    if (this.#current === handle) return;
    await this.#session.toTab(handle);
    this.#current = handle;
  }

  stop() {
    return this.#session.stop();
  }
}

/** Runs in a page: begins a call there, so that what it makes is of the page's own kinds, and keeps how it ends. */
function begin(source, words, id) {
  window.endings ??= {};
  const called = window.eval("(source, words) => Promise.resolve().then(() => (0, eval)(`(${source})`)(...JSON.parse(words)))");
  const told = window.eval("(called, note) => called.then((value) => note(JSON.stringify({ value })), (error) => note(JSON.stringify({ error: error.stack ?? String(error) })))");
  told(called(source, words), (ending) => void (window.endings[id] = ending));
}

/** Runs in a page: how a call has ended, if it has. */
function takeEnding(id) {
  const ending = window.endings?.[id] ?? null;
  if (ending !== null) delete window.endings[id];
  return ending;
}

/** A window. Whatever takes time in it keeps no other window waiting. */
class Page {
  #windows;
  #handle;
  #evaluations = 0;

  constructor(windows, handle) {
    this.#windows = windows;
    this.#handle = handle;
  }

  go(name) {
    return this.#tell(({ go }) => go(this.#windows.addressOf(name)));
  }

  reload() {
    return this.#tell(({ reload }) => reload());
  }

  back() {
    return this.#tell(({ post }) => post("back"));
  }

  /** Takes effect as soon as another tab is in front. */
  freeze() {
    return this.#becomes("frozen");
  }

  thaw() {
    return this.#becomes("active");
  }

  #becomes(state) {
    return this.#tell(({ chromium }) => chromium("Page.setWebLifecycleState", { state }));
  }

  close() {
    return this.#windows.closePage(this, this.#handle);
  }

  /** What a function gives that is called in the page, with words that JSON knows. */
  async evaluate(fn, ...words) {
    const id = `evaluation ${++this.#evaluations}`;
    await this.#tell(({ run }) => run(begin, String(fn), JSON.stringify(words), id));
    let told;
    await until(async () => (told = await this.#tell(({ run }) => run(takeEnding, id))) !== null, `${fn} has ended`);
    const { value, error } = JSON.parse(told);
    if (error !== undefined) throw new Error(error);
    return value;
  }

  #tell(send) {
    return this.#windows.tell(this.#handle, send);
  }
}
