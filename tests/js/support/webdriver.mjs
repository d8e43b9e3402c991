// The three browsers of this machine by plain WebDriver: one session and its commands. Knows no page.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { startDisplay } from "../../../scripts/display.mjs";
import { environment, which } from "../../../scripts/places.mjs";
import { killGroup, startGroup } from "../../../scripts/shell.mjs";

const settings = JSON.parse(readFileSync(new URL("../../../scripts/webdriver.json", import.meta.url), "utf8"));
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const PATIENCE_MILLIS = 60_000;

const drivers = {
  chromium: { binary: "chromedriver", args: (port) => [`--port=${port}`], only: "goog:chromeOptions" },
  firefox: { binary: "geckodriver", args: (port) => ["--port", String(port)], only: "moz:firefoxOptions" },
  webkit: { binary: "WebKitWebDriver", args: (port) => [`--port=${port}`], needsDisplay: true },
};

export const browsers = Object.keys(drivers);

/** Starts a browser, with options of its own beside those of every test; `stop` ends it with all that belongs to it. */
export async function start(name, options = {}) {
  const { binary, args, only, needsDisplay } = drivers[name];
  const display = needsDisplay ? await startDisplay() : undefined;
  const home = mkdtempSync(join(tmpdir(), "cachier-page-"));
  const port = await freePort();
  // Of a machine without a language WebKit says that it is "C", which its own Intl refuses.
  const language = { LANG: "en_US.UTF-8", LANGUAGE: "en_US" };
  const extra = { ...language, HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", ...(display && { DISPLAY: display.name }) };
  const driver = startGroup(which(binary), args(port), { env: environment(extra), stdio: "ignore" });
  const end = () => {
    killGroup(driver);
    display?.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const browser = await openSession(`http://127.0.0.1:${port}`, only && { [only]: { ...settings[only], ...options } });
    return { ...browser, name, saved: (file) => savedIn(home, file), stop: () => browser.quit().finally(end) };
  } catch (failure) {
    end();
    throw failure;
  }
}

/** The path of a file that the browser has saved, wherever it saves. */
async function savedIn(home, file) {
  const name = await eventually(() => readdirSync(home, { recursive: true }).find((path) => basename(path) === file));
  return join(home, name);
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function openSession(base, capabilities = {}) {
  await eventually(() => ask(`${base}/status`, "GET"));
  const { sessionId } = await ask(`${base}/session`, "POST", { capabilities: { alwaysMatch: capabilities } });
  return commandsOf(`${base}/session/${sessionId}`);
}

async function ask(url, method, body) {
  const response = await fetch(url, { method, ...(body && { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }) });
  const { value } = await response.json();
  if (response.ok) return value;
  throw new Error(`${value.error}: ${value.message} (${method} ${new URL(url).pathname.split("/").slice(1).join("/")} ${JSON.stringify(body ?? "").slice(0, 200)})`);
}

/** What `attempt` comes to once it neither throws nor is false. */
export async function eventually(attempt, patience = PATIENCE_MILLIS) {
  const end = Date.now() + patience;
  for (;;) {
    try {
      const found = await attempt();
      if (found) return found;
      if (Date.now() > end) throw new Error(`it did not come to pass: ${attempt}`);
    } catch (failure) {
      if (Date.now() > end) throw failure;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function commandsOf(session) {
  const post = (path, body = {}) => ask(`${session}/${path}`, "POST", body);
  const get = (path) => ask(`${session}/${path}`, "GET");
  const run = (script, ...args) => post("execute/sync", { script: `return (${script})(...arguments)`, args });
  const find = (using, value) => eventually(async () => (await post("element", { using, value }))[ELEMENT]);
  const onElement = async (selector, command, body) => post(`element/${await find("css selector", selector)}/${command}`, body);
  return {
    post,
    go: (url) => post("url", { url }),
    reload: () => post("refresh"),
    run,
    /** Runs a function that returns a promise. */
    runLater: (script, ...args) =>
      post("execute/async", { script: `const done = arguments[arguments.length - 1]; (${script})(...[...arguments].slice(0, -1)).then(done, (error) => done({ thrown: String(error) }))`, args }),
    click: (selector) => onElement(selector, "click"),
    clickText: async (xpath) => post(`element/${await find("xpath", xpath)}/click`),
    clear: (selector) => onElement(selector, "clear"),
    type: (selector, text) => onElement(selector, "value", { text }),
    /** Presses keys one after the other, wherever the focus is. */
    press: async (...keys) => {
      const actions = keys.flat().flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
      await post("actions", { actions: [{ type: "key", id: "keyboard", actions }] });
    },
    /** A combination: all but the last are held. */
    chord: async (...keys) => {
      const actions = [...keys.map((value) => ({ type: "keyDown", value })), ...keys.toReversed().map((value) => ({ type: "keyUp", value }))];
      await post("actions", { actions: [{ type: "key", id: "keyboard", actions }] });
    },
    windows: () => get("window/handles"),
    window: () => get("window"),
    openTab: async () => (await post("window/new", { type: "tab" })).handle,
    toTab: (handle) => post("window", { handle }),
    closeTab: () => ask(`${session}/window`, "DELETE"),
    resize: (width, height) => post("window/rect", { width, height }),
    screenshot: () => get("screenshot"),
    chromium: (cmd, params) => post("goog/cdp/execute", { cmd, params }),
    quit: () => ask(session, "DELETE").catch(() => undefined),
  };
}
