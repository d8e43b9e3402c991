// Browsers by plain WebDriver: a driver, its one session, and the windows in it. Knows nothing of what they show.

import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { after, before } from "node:test";
import { startDisplay } from "../../../scripts/display.mjs";
import { environment, which } from "../../../scripts/places.mjs";
import { serve } from "../../../scripts/serve.mjs";
import { killGroup, startGroup } from "../../../scripts/shell.mjs";
import { until } from "../shared/waiting.mjs";

const settings = JSON.parse(readFileSync(new URL("../../../scripts/webdriver.json", import.meta.url), "utf8"));

const browsers = {
  // A tab that another one covers is hidden, as one has to be that is frozen.
  chromium: { driver: "chromedriver", capabilities: { "goog:chromeOptions": settings["goog:chromeOptions"] }, windows: "tab" },
  firefox: { driver: "geckodriver", capabilities: { "moz:firefoxOptions": settings["moz:firefoxOptions"] } },
  webkit: { driver: "WebKitWebDriver", capabilities: {}, needsDisplay: true },
};

/** The browser and a server of these files, there while the tests of the calling file run. */
export function stage(name, files) {
  const here = {};
  before(async () => {
    here.served = await serve(files);
    here.browser = await launch(browsers[name], here.served.url);
  });
  after(async () => {
    await here.browser?.close();
    here.served?.server.close();
  });
  return here;
}

async function launch({ driver, capabilities, needsDisplay, windows = "window" }, site) {
  if (!which(driver)) throw new Error(`there is no ${driver}: npm run setup`);
  const display = needsDisplay ? await startDisplay() : undefined;
  const port = await freePort();
  const extra = { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", ...(display && { DISPLAY: display.name }) };
  const program = startGroup(which(driver), [`--port=${port}`], { env: environment(extra), stdio: "ignore" });
  const stop = () => {
    killGroup(program);
    display?.stop();
  };
  try {
    const url = `http://127.0.0.1:${port}`;
    await until(() => command(`${url}/status`, "GET").then(({ ready }) => ready, () => false), `${driver} is ready`);
    const { sessionId } = await command(`${url}/session`, "POST", { capabilities: { alwaysMatch: capabilities } });
    return new Browser(`${url}/session/${sessionId}`, { site, windows, stop });
  } catch (failure) {
    stop();
    throw failure;
  }
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function command(url, method, body = {}) {
  const sent = method === "POST" && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(url, { method, ...sent });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${method} ${url}: ${value.error}: ${value.message}`);
  return value;
}

/** A session: one command at a time, each for the window that is turned to. */
class Browser {
  #url;
  #site;
  #windows;
  #stop;
  #last = Promise.resolve();
  #current;
  #home;
  #pages = new Set();

  constructor(url, { site, windows, stop }) {
    this.#url = url;
    this.#site = site;
    this.#windows = windows;
    this.#stop = stop;
  }

  /** A window of its own that shows a page of what is served. */
  async newPage(name) {
    // A session ends with its last window.
    this.#home ??= await this.command("GET", "window");
    const { handle } = await this.inWindow(this.#home, () => this.command("POST", "window/new", { type: this.#windows }));
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
    await this.inWindow(handle, async () => {
      await this.command("DELETE", "window");
      this.#current = undefined;
    });
  }

  addressOf(name) {
    return this.#site + name;
  }

  command(method, path, body) {
    return command(`${this.#url}/${path}`, method, body);
  }

  /** Sends commands to one window, when those before have been answered. */
  inWindow(handle, send) {
    const sent = this.#last.then(() => this.#turnTo(handle)).then(send);
    this.#last = sent.catch(() => undefined);
    return sent;
  }

  async #turnTo(handle) {
    if (this.#current === handle) return;
    await this.command("POST", "window", { handle });
    this.#current = handle;
  }

  async close() {
    await command(this.#url, "DELETE").catch(() => undefined);
    this.#stop();
  }
}

/** Calls a function of the test in the page itself: what it makes is of the page's own kinds. */
const evaluation = `
  const [source, words, id] = arguments;
  window.endings ??= {};
  window.eval("(source, words, note) => Promise.resolve().then(() => (0, eval)('(' + source + ')')(...JSON.parse(words))).then((value) => note(JSON.stringify({ value })), (error) => note(JSON.stringify({ error: error.stack ?? String(error) })))")(
    source, words, (ending) => void (window.endings[id] = ending));
`;
const ending = `
  const [id] = arguments;
  const ending = window.endings?.[id];
  if (ending !== undefined) delete window.endings[id];
  return ending ?? null;
`;

/** A window. Whatever takes time in it keeps no other window waiting. */
class Page {
  #browser;
  #handle;
  #evaluations = 0;

  constructor(browser, handle) {
    this.#browser = browser;
    this.#handle = handle;
  }

  go(name) {
    return this.#command("POST", "url", { url: this.#browser.addressOf(name) });
  }

  reload() {
    return this.#command("POST", "refresh");
  }

  back() {
    return this.#command("POST", "back");
  }

  /** Takes effect as soon as another tab is in front. */
  freeze() {
    return this.#becomes("frozen");
  }

  thaw() {
    return this.#becomes("active");
  }

  #becomes(state) {
    return this.#command("POST", "goog/cdp/execute", { cmd: "Page.setWebLifecycleState", params: { state } });
  }

  close() {
    return this.#browser.closePage(this, this.#handle);
  }

  /** What a function gives that is called in the page, with words that JSON knows. */
  async evaluate(fn, ...words) {
    const id = `evaluation ${++this.#evaluations}`;
    await this.#execute(evaluation, [String(fn), JSON.stringify(words), id]);
    let told;
    await until(async () => (told = await this.#execute(ending, [id])) !== null, `${fn} has ended`);
    const { value, error } = JSON.parse(told);
    if (error !== undefined) throw new Error(error);
    return value;
  }

  #execute(script, args) {
    return this.#command("POST", "execute/sync", { script, args });
  }

  #command(method, path, body) {
    return this.#browser.inWindow(this.#handle, () => this.#browser.command(method, path, body));
  }
}
