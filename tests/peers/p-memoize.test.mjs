// The examples that `p-memoize` documents, with it and with cachier in its place; and what differs on purpose.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memoize } from "cachier";
import * as peer from "p-memoize";
import { likePMemoize } from "./adapters.mjs";
import { counterClass } from "./classes.mjs";

const pMemoizeByPeer = peer.default;
const url = "https://example.org";

/** A server: what it answers is the number of the request. */
function server() {
  let requests = 0;
  return async () => ++requests;
}

/** A run that ends when it is told to. */
function gate() {
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  return { open, opened };
}

for (const [name, library] of Object.entries({ "p-memoize": peer, "cachier in its place": likePMemoize }))
  describe(`the examples of p-memoize, with ${name}`, () => {
    const { default: pMemoize, pMemoizeClear, pMemoizeDecorator } = library;

    test("a second call is cached", async () => {
      const get = pMemoize(server());
      assert.deepEqual([await get(url), await get(url), await get("https://example.com")], [1, 1, 2]);
    });

    test("calls at the same time share a run", async () => {
      const get = pMemoize(server());
      assert.deepEqual(await Promise.all([get(url), get(url), get(url)]), [1, 1, 1]);
    });

    test("without a cache only calls at the same time share a run", async () => {
      const get = pMemoize(server(), { cache: false });
      assert.deepEqual(await Promise.all([get(url), get(url)]), [1, 1]);
      assert.equal(await get(url), 2);
    });

    test("a key can be made of all arguments", async () => {
      const get = pMemoize(server(), { cacheKey: JSON.stringify });
      assert.deepEqual([await get(url, { full: true }), await get(url, { full: true }), await get(url, {})], [1, 1, 2]);
    });

    test("a rejection is not kept", async () => {
      const answer = server();
      const get = pMemoize(async () => Promise.reject(new Error(`answer ${await answer()}`)));
      for (const message of ["answer 1", "answer 2"]) await assert.rejects(get(url), { message });
    });

    test("a rejection made a value is kept", async () => {
      const answer = server();
      const get = pMemoize(async () => ({ isRejected: true, reason: await answer() }));
      assert.deepEqual([await get(url), await get(url)], [{ isRejected: true, reason: 1 }, { isRejected: true, reason: 1 }]);
    });

    test("clearing forgets everything, and what is not memoized cannot be cleared", async () => {
      const get = pMemoize(server());
      await get(url);
      pMemoizeClear(get);
      assert.equal(await get(url), 2);
      assert.throws(() => pMemoizeClear(() => 1), TypeError);
    });

    test("a decorated method has a cache for each object, and is cleared by itself", async () => {
      const Counter = await counterClass(pMemoizeDecorator);
      const [one, other] = [new Counter(), new Counter()];
      assert.deepEqual([await one.counter(), await one.counter(), await other.counter()], [1, 1, 1]);
      if (library === peer) pMemoizeClear(one.counter);
      else library.clearMethod(one, one.counter);
      assert.deepEqual([await one.counter(), await other.counter()], [2, 1]);
    });
  });

describe("what takes the place of what p-memoize has", () => {
  test("staleAfter, of a map whose entries expire", async (t) => {
    t.mock.timers.enable({ apis: ["Date"] });
    const get = memoize(server(), { staleAfter: "10s" });
    assert.deepEqual([await get(url), await get(url)], [1, 1]);
    t.mock.timers.tick(10_000);
    assert.equal(await get(url), 2);
  });

  test("nothing at all, of a shouldCache that refuses undefined", async () => {
    const answer = server();
    const getMaybe = memoize(async () => ((await answer()) === 1 ? undefined : "found"));
    assert.deepEqual([await getMaybe("key"), await getMaybe("key"), await getMaybe("key")], [undefined, "found", "found"]);
  });

  test("remove, of a shouldCache that refuses other values", async () => {
    const answer = server();
    const find = memoize(async () => ((await answer()) === 1 ? [] : ["found"]));
    const search = async (query) => {
      const found = await find(query);
      if (found.length === 0) find.remove(query);
      return found;
    };
    assert.deepEqual([await search("key"), await search("key"), await search("key")], [[], ["found"], ["found"]]);
  });
});

describe("what differs from p-memoize on purpose", () => {
  test("all arguments are the key, there the first", async () => {
    const [there, here] = [pMemoizeByPeer(server()), memoize(server())];
    assert.deepEqual([await there(1, 2), await there(1, 3), await here(1, 2), await here(1, 3)], [1, 1, 1, 2]);
  });

  test("objects are keyed by content, there by identity", async () => {
    const [there, here] = [pMemoizeByPeer(server()), memoize(server())];
    assert.deepEqual([await there({}), await there({}), await here({}), await here({})], [1, 2, 1, 1]);
  });

  test("undefined runs again unless allowNone is on, there it is served", async () => {
    const runs = { there: 0, here: 0 };
    const there = pMemoizeByPeer(async () => void runs.there++);
    const here = memoize(async () => void runs.here++);
    for (const f of [there, here, there, here]) await f(1);
    assert.deepEqual(runs, { there: 1, here: 2 });
  });

  test("what was cleared while it was calculated does not come back, there it does", async () => {
    const asked = { there: server(), here: server() };
    const gates = { there: gate(), here: gate() };
    const slow = (place) => async () => (await gates[place].opened, asked[place]());
    const [there, here] = [pMemoizeByPeer(slow("there")), memoize(slow("here"))];
    const calls = [there(1), here(1)];
    peer.pMemoizeClear(there);
    here.clearCache();
    for (const { open } of Object.values(gates)) open();
    assert.deepEqual(await Promise.all(calls), [1, 1], "its caller has the value");
    assert.deepEqual([await there(1), await here(1)], [1, 2]);
  });

  test("who calls after a clear does not wait for a run from before it, there it does", async () => {
    const gates = [gate(), gate()];
    const slow = () => {
      let runs = 0;
      return async () => {
        const run = runs++;
        await gates[run].opened;
        return run;
      };
    };
    const [there, here] = [pMemoizeByPeer(slow()), memoize(slow())];
    there(1);
    here(1);
    await new Promise(setImmediate);
    peer.pMemoizeClear(there);
    here.clearCache();
    const later = [there(1), here(1)];
    for (const { open } of gates) open();
    assert.deepEqual(await Promise.all(later), [0, 1]);
  });

  test("a hit returns the same promise each time, there another one", async () => {
    const [there, here] = [pMemoizeByPeer(server()), memoize(server())];
    for (const f of [there, here]) await f(1);
    const hits = [there(1), here(1)];
    await Promise.all(hits);
    assert.deepEqual([there(1) === hits[0], here(1) === hits[1]], [false, true]);
  });

  test("an option that is none is an error, there it is ignored", async () => {
    assert.equal(await pMemoizeByPeer(server(), { maxAge: 1 })(1), 1);
    for (const option of ["maxAge", "cache", "shouldCache"])
      assert.throws(() => memoize(server(), { [option]: 1 }), { message: new RegExp(option) });
  });
});
