// The laws through the package as built, in a Chromium page and in a module worker.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../scripts/places.mjs";
import { groupsOfLaws } from "./suite/run.mjs";
import { open, stage } from "./support/chromium.mjs";

const mounts = {
  "/pkg/": join(root, "pkg"),
  "/suite/": join(root, "tests/js/suite"),
  "/": join(root, "tests/js/pages"),
};
const here = stage({ port: 8_920, mounts });

for (const place of ["page", "worker"])
  describe(place, () => {
    let opened;
    before(async () => {
      opened = await open(here.browser, `${here.served.url}laws.html`);
      await opened.page.waitForFunction(() => "play" in globalThis);
    });
    after(() => opened.page.close());

    for (const { title, laws } of groupsOfLaws(place))
      describe(title, () => {
        for (const law of laws)
          test(law.sentence, { timeout: 30_000 }, async () => {
            const failure = await opened.page.evaluate(([where, what]) => globalThis.play(where, what), [place, law]);
            assert.equal(failure, undefined, failure);
          });
      });

    test("nothing was amiss on the page itself", () => assert.deepEqual(opened.troubles, []));
  });

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
