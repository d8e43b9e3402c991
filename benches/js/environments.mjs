// Where rows are measured: Node processes and Chromium pages, a new one for each row. Knows no goals and shows nothing.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { serve } from "../../scripts/serve.mjs";
import { launch, open } from "../../tests/js/support/chromium.mjs";
import { median } from "./measure.mjs";
import { opening, rows as storeRows } from "./stores.mjs";

const SAMPLES = 7;

const here = import.meta.dirname;

function inNode(script, argument, flags = []) {
  return JSON.parse(execFileSync("node", [...flags, join(here, script), argument], { encoding: "utf8", maxBuffer: 1 << 24 }));
}

/** Each sample is a process; contenders take turns. */
function sampledInNode(names, script) {
  const rounds = Array.from({ length: SAMPLES }, () => names.map((name) => inNode(script, name)));
  return mediansOf(names, rounds);
}

function mediansOf(names, rounds) {
  return Object.fromEntries(names.map((name, index) => [name, median(rounds.map((round) => round[index]))]));
}

/** Node. */
export async function node() {
  return {
    name: `Node ${process.versions.node}`,
    measure: async (id) => inNode("node-row.mjs", id),
    bytes: async (names) => Object.fromEntries(names.map((name) => [name, inNode("bytes-row.mjs", name, ["--expose-gc"])])),
    starts: async (names) => scaled(sampledInNode(names, "start-row.mjs")),
    close: async () => {},
  };
}

/** Headless Chromium; its pages are isolated, which makes the clock a fine one. */
export async function chromium() {
  const folder = mkdtempSync(join(tmpdir(), "cachier-bench-"));
  await bundle(folder);
  const { server, url } = await serve({ port: 9_250, mounts: { "/": folder } });
  const browser = await launch();
  const on = onPagesOf(browser, url);
  return {
    name: `Chromium ${browser.version().split(".")[0]}`,
    measure: (id) => on.newContext((page) => page.evaluate((wanted) => globalThis.measure(wanted), id)),
    starts: async (names) => scaled(await on.samples(names, (page, name) => page.evaluate((wanted) => globalThis.begin(wanted), name))),
    storeRows,
    opening,
    openings: (names) => on.samples(names, (page, name) => page.evaluate((wanted) => globalThis.openCold(wanted), name), "prepare"),
    close: async () => {
      await browser.close();
      server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Milliseconds to nanoseconds, which all else is in. */
function scaled(times) {
  return Object.fromEntries(Object.entries(times).map(([name, milliseconds]) => [name, milliseconds * 1e6]));
}

/** Split, so that what is imported late is loaded late. */
async function bundle(folder) {
  const entry = join(here, "page.mjs");
  await build({ entryPoints: [entry], outdir: folder, outExtension: { ".js": ".mjs" }, bundle: true, splitting: true, format: "esm", target: "es2022", minify: true });
  writeFileSync(join(folder, "index.html"), '<!doctype html><title>Benchmarks</title><link rel="icon" href="data:,"><script type="module" src="page.mjs"></script>');
}

function onPagesOf(browser, url) {
  const isolated = (page) => page.route(url, async (route) => {
    const response = await route.fetch();
    const headers = { ...response.headers(), "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
    await route.fulfill({ response, headers });
  });
  const visit = async (context, use) => {
    const { page, troubles } = await open(context, url, isolated);
    try {
      await page.waitForFunction(() => "measure" in globalThis);
      return await use(page);
    } catch (failure) {
      throw new Error([failure.message, ...troubles].join("\n"), { cause: failure });
    } finally {
      await page.close();
    }
  };
  const newContext = (use) => inContext(browser, (context) => visit(context, use));
  const samples = (names, use, first) =>
    inContext(browser, async (context) => {
      if (first !== undefined) await visit(context, (page) => use(page, first));
      const rounds = [];
      for (let round = -1; round < SAMPLES; round++) rounds.push(await visitAll(names, (name) => visit(context, (page) => use(page, name))));
      return mediansOf(names, rounds.slice(1));
    });
  return { newContext, samples };
}

async function visitAll(names, visit) {
  const times = [];
  for (const name of names) times.push(await visit(name));
  return times;
}

/** With storage and a process of its own. */
async function inContext(browser, use) {
  const context = await browser.newContext();
  try {
    return await use(context);
  } finally {
    await context.close();
  }
}
