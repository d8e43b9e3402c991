// Every example that people read does what it says.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serve } from "../../scripts/serve.mjs";
import { launch } from "../js/support/chromium.mjs";
import { documents, examplesIn } from "./documents.mjs";
import { folder, runInNode, runInPage, runInServiceWorker } from "./javascript.mjs";
import { withChecks } from "./promises.mjs";
import { runRust, runRustInBrowser } from "./rust.mjs";

const examples = documents().flatMap(examplesIn);
const runs = {
  "js": runInNode,
  "js browser": runInPage,
  "js service worker": runInServiceWorker,
  "jsx browser": runInPage,
  "ts": runInNode,
  "ts browser": runInPage,
  "rust": (example) => runRust(example, examples),
  "rust browser": (example) => runRustInBrowser(example, examples),
};
const drawings = ["text"];
let served;
let browser;

before(async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "news.txt"), "the news");
  served = await serve({ port: 8_970, mounts: { "/": folder } });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  served?.server.close();
});

for (const file of documents())
  describe(file, () => {
    for (const example of examples.filter((each) => each.file === file)) named(example);
  });

function named(example) {
  const { heading, line, language, place, reason } = example;
  if (drawings.includes(language)) return;
  const kind = `${language} ${place}`.trim();
  const name = `${heading || kind}, line ${line}`;
  if (reason) return test(`${name}: not run, ${reason}`, () => assert.ok(reason.length > 10));
  test(name, async () => {
    assert.ok(runs[kind], `\`\`\`${kind} is run nowhere: give it a language that is, or say \`not run: why\``);
    await Promise.resolve(runs[kind](example, { browser, url: served.url })).catch(tell);
  });
}

/** What a program that failed had to say belongs to the failure. */
function tell(failure) {
  throw failure.output ? new Error(`${failure.message}\n${failure.output}`) : failure;
}

test("hardly any example is left out", () => {
  assert.ok(examples.filter(({ reason }) => reason).length <= 6);
});

test("a comment that begins with a value is a promise, one in words is none", () => {
  assert.equal(withChecks("f(1); // 5"), "promised(f(1), 5); // 5");
  assert.equal(withChecks("const a = f(1); // 5, at once"), "const a = f(1); // 5, at once\npromised(a, 5);");
  assert.equal(withChecks("const { a } = f(1); // 5"), "const { a } = f(1); // 5\npromised(a, 5);");
  assert.equal(withChecks('await f(1); // "a": from the cache'), 'promised(await f(1), "a"); // "a": from the cache');
  assert.equal(withChecks("f(1); // runs f"), "f(1); // runs f");
  assert.equal(withChecks("return f(1); // 5"), "return f(1); // 5");
});
