// The example of Rust in a page: counted once, found after a reload, in another tab, and by JavaScript.
import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { root, targetDirectory, wasmTarget } from "../../scripts/places.mjs";
import { execute } from "../../scripts/shell.mjs";
import { wasmEnvironment } from "../../scripts/toolchain.mjs";
import { open, stage } from "./support/chromium.mjs";

const example = join(root, "examples", "in_a_page");
const glue = join(targetDirectory, "in_a_page");

// What wasm-pack does, with the tools that are there.
before(async () => {
  // The same versions as everywhere else, and nothing to ask a registry for.
  copyFileSync(join(root, "Cargo.lock"), join(example, "Cargo.lock"));
  const compiled = join(targetDirectory, wasmTarget, "release", "in_a_page.wasm");
  const extra = { ...wasmEnvironment(), CARGO_TARGET_DIR: targetDirectory, CARGO_PROFILE_RELEASE_LTO: "false" };
  await execute("cargo", ["build", "--release", "--target", wasmTarget, "--manifest-path", join(example, "Cargo.toml")], { extra, seconds: 600 });
  await execute("wasm-bindgen", ["--target", "web", "--out-dir", glue, compiled]);
});

const here = stage({ port: 9_040, mounts: { "/package/": join(root, "pkg"), "/pkg/": glue, "/": example } });

async function counted(page) {
  await page.waitForSelector("body[data-ready]");
  await page.fill("[name=limit]", "3000");
  await page.evaluate(() => (document.querySelector("output").textContent = ""));
  await page.click("button:text(\"Count\")");
  await page.waitForFunction(() => document.querySelector("output").textContent.includes("primes"));
  return page.textContent("output");
}

/** The other tab is told a little later. */
async function heard(page) {
  const deadline = Date.now() + 10_000;
  while (!(await counted(page)).includes(": Computed")) assert.ok(Date.now() < deadline, "the other tab was not told");
}

test("a count is there again after a reload, in another tab, and for JavaScript, until it is forgotten", async () => {
  const tabs = await here.browser.newContext();
  const { page, troubles } = await open(tabs, here.served.url);
  assert.match(await counted(page), /^430 primes below three zero zero zero: Computed/);
  assert.match(await counted(page), /: Hit/);
  await page.reload();
  assert.match(await counted(page), /^430 .*: Hit/);
  const other = await tabs.newPage();
  await other.goto(here.served.url);
  assert.match(await counted(other), /: Hit/);
  const found = await other.evaluate(async () => {
    const { memoize } = await import("/package/index.js");
    const primes = memoize(async () => -1, { core: "indexeddb", name: "primes below" });
    return [await primes(3_000), (await primes.entries()).length];
  });
  assert.deepEqual(found, [430, 1]);
  await other.click("button:text(\"Forget\")");
  await other.waitForFunction(() => document.querySelector("output").textContent === "Forgotten.");
  await heard(page);
  assert.deepEqual(troubles, []);
});
