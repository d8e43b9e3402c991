// The laws in a browser, whichever it is: in a page and in a dedicated worker.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { root } from "../../../scripts/places.mjs";
import { groupsOfLaws } from "../suite/run.mjs";
import { until } from "./waiting.mjs";

/** What a server has to offer for them. */
export const mounts = {
  "/pkg/": join(root, "pkg"),
  "/suite/": join(root, "tests/js/suite"),
  "/": join(root, "tests/js/pages"),
};

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
