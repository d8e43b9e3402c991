// The laws through the package as built, in a Chromium page and in a module worker.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { testLaws } from "./shared/laws.mjs";
import { site } from "./shared/site.mjs";
import { open, stage } from "./support/chromium.mjs";

const here = stage({ port: 8_920, ...site });

testLaws(async (name) => (await open(here.browser, here.served.url + name)).page);

describe("a Content-Security-Policy", () => {
  async function attemptUnder(policy) {
    const withPolicy = async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": policy } });
    };
    const { page } = await open(here.browser, `${here.served.url}policy.html`, (created) => created.route("**/policy.html", withPolicy));
    await page.waitForFunction(() => "attempt" in globalThis);
    const outcome = await page.evaluate(() => globalThis.attempt());
    await page.close();
    return outcome;
  }

  test("that forbids WebAssembly gets an error that says what to allow", async () => {
    const outcome = await attemptUnder("default-src 'none'; script-src 'self'");
    assert.match(outcome, /cachier.*Content-Security-Policy.*'wasm-unsafe-eval'.*cachier\/slim/s);
  });

  test("that allows it is enough", async () => {
    assert.equal(await attemptUnder("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'"), "memoized");
  });
});
