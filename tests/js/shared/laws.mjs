// The laws in a browser, whichever it is: in a page and in a dedicated worker.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { groupsOfLaws } from "../suite/run.mjs";
import { until } from "./waiting.mjs";

/** Makes a test of every law; `openPage` opens the page of that name in the browser under test. */
export function testLaws(openPage) {
  for (const place of ["page", "worker"])
    describe(place, () => {
      let page;
      before(async () => {
        page = await openPage("laws.html");
        await until(() => page.evaluate(() => "play" in globalThis), "the page can play laws");
      });
      after(() => page?.close());

      for (const { title, laws } of groupsOfLaws(place))
        describe(title, () => {
          for (const law of laws)
            test(law.sentence, { timeout: 30_000 }, async () => {
              const failure = await page.evaluate(([where, what]) => globalThis.play(where, what), [place, law]);
              assert.equal(failure, undefined, failure);
            });
        });

      test("nothing was amiss on the page itself", async () => assert.deepEqual(await page.evaluate(() => globalThis.troubles), []));
    });
}
