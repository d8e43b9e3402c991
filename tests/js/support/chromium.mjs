// A headless Chromium, what it is served, and pages in it that fail loudly.

import { existsSync, readFileSync } from "node:fs";
import { after, before, beforeEach } from "node:test";
import { chromium } from "playwright-core";
import { which } from "../../../scripts/places.mjs";
import { serve } from "../../../scripts/serve.mjs";

const settings = JSON.parse(readFileSync(new URL("../../../scripts/webdriver.json", import.meta.url), "utf8"));

/** The browser of this machine. */
export function launch() {
  const executablePath = which("chromium") ?? which("google-chrome");
  if (!executablePath || !existsSync(executablePath)) throw new Error("there is no chromium: apt-get install chromium");
  return chromium.launch({ executablePath, args: settings["goog:chromeOptions"].args });
}

/** A page at `url`, once it has loaded; `troubles` fills with what it complains of. */
export async function open(browser, url, prepare = () => {}) {
  const page = await browser.newPage();
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("requestfailed", (request) => troubles.push(`${request.url()} was not loaded`));
  await prepare(page);
  await page.goto(url);
  return { page, troubles };
}

/** The browser and a server of these files, there while the tests of the calling file run. */
export function stage(files) {
  const here = {};
  before(async () => {
    here.served = await serve(files);
    here.browser = await launch();
  });
  after(async () => {
    await here.browser?.close();
    here.served?.server.close();
  });
  return here;
}

/** The same, and for each test a `context` that has stored nothing. */
export function stageAnew(files) {
  const here = stage(files);
  beforeEach(async () => {
    await here.context?.close();
    here.context = await here.browser.newContext();
  });
  return here;
}
