// What is asked of a browser's stores where they are not, and what is asked wrongly.

import assert from "node:assert/strict";
import { test } from "node:test";
import { memoize } from "cachier";
import { stage } from "./support/chromium.mjs";
import { join } from "node:path";
import { root } from "../../scripts/places.mjs";

const here = stage({ port: 8_990, mounts: { "/pkg/": join(root, "pkg"), "/": join(root, "tests/js/pages") } });

test("where there is no browser results are kept in memory, with one report for each store", async (t) => {
  const { mock } = t.mock.method(console, "warn", () => {});
  for (const core of ["indexeddb", "localstorage"])
    for (const name of ["one", "two"]) {
      let runs = 0;
      const f = memoize(async (n) => n + ++runs, { core, name: `${core} ${name}` });
      assert.deepEqual([await f(1), await f(1), await f.peek(1), await f.remove(1), await f.peek(1)], [2, 2, 2, true, undefined]);
    }
  const said = mock.calls.map(({ arguments: [text] }) => text);
  assert.equal(said.length, 2, said.join("\n"));
  assert.match(said[0], /no IndexedDB here.*kept in memory/);
  assert.match(said[1], /no localStorage here.*kept in memory/);
});

test("on IndexedDB whatever a function returns is a promise", async () => {
  const f = memoize((n) => n + 1, { core: "indexeddb", name: "sync" });
  assert.ok(f(1) instanceof Promise);
  assert.equal(await f(1), 2);
  for (const answer of [f.peek(1), f.entries(), f.metrics(), f.clearCache()]) assert.ok(answer instanceof Promise);
});

test("what is asked wrongly is refused at the definition", () => {
  const refused = (options, error, pattern) => assert.throws(() => memoize(() => 1, options), { name: error, message: pattern });
  refused({ core: "indexeddb" }, "TypeError", /^name: .*needs one/);
  refused({ core: "localstorage" }, "TypeError", /^name: .*needs one/);
  refused({ core: "indexdb", name: "x" }, "RangeError", /^core: "indexdb" is unknown/);
  for (const option of ["front", "preload", "coherent"]) refused({ [option]: true }, "TypeError", new RegExp(`^${option}: only a core beyond the page`));
  refused({ core: "indexeddb", name: "x", front: "16 MBs" }, "RangeError", /^front: "16 MBs" is no size/);
});

test("a worker has no localStorage, and is told so at the definition", async () => {
  const page = await here.browser.newPage();
  await page.goto(`${here.served.url}tab.html`);
  const told = await page.evaluate(
    (library) =>
      new Promise((resolve) => {
        const source = `import { memoize } from "${library}";
          try { memoize(() => 1, { core: "localstorage", name: "x" }); postMessage("defined"); } catch (error) { postMessage(String(error)); }`;
        const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })), { type: "module" });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => resolve(message);
      }),
    `${here.served.url}pkg/index.js`,
  );
  assert.match(told, /^RangeError: core: .*worker.*"indexeddb"/);
});

for (const core of ["indexeddb", "localstorage"])
  test(`two copies of the library in one page hear of each other's changes of ${core}`, async () => {
    const page = await here.browser.newPage();
    await page.goto(`${here.served.url}tab.html`);
    const told = await page.evaluate(
      async ([library, where]) => {
        const define = async (copy) => (await import(`${library}?copy=${copy}`)).memoize((n) => n, { core: where, name: "of two copies" });
        const [one, other] = [await define(1), await define(2)];
        const hears = async (value) => {
          for (const start = Date.now(); Date.now() < start + 5_000; await new Promise((resolve) => setTimeout(resolve, 5))) if ((await other(1)) === value) return true;
          return false;
        };
        await Promise.all([one(1), other(1)]);
        await one.precacheValue([1], 5);
        const hearsOfValues = await hears(5);
        await one.clearCache();
        return [hearsOfValues, await hears(1)];
      },
      [`${here.served.url}pkg/index.js`, core],
    );
    assert.deepEqual(told, [true, true]);
    await page.close();
  });
