// What a memoized function looks like, what hangs on it, and what it tells.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, mock, test } from "node:test";
import { memoize } from "cachier";
import { fakeClock } from "./suite/clock.mjs";

describe("a memoized function looks like its function", () => {
  test("its name and length are kept", () => {
    const f = memoize(function original(one, two) {
      return [one, two];
    });
    assert.deepEqual([f.name, f.length], ["original", 2]);
    assert.deepEqual([f.with({}).name, f.with({}).length], ["original", 2]);
  });

  test("a function without a name is called anonymous where it is spoken of", () => {
    const log = mock.method(console, "log", () => undefined);
    memoize((n) => n).with({ verbose: true })(1);
    log.mock.restore();
    assert.match(log.mock.calls[0].arguments[0], /^cachier: anonymous: \[1\]: calculates$/);
  });

  test("what hung on the function hangs on it", () => {
    const tag = Symbol("tag");
    const f = memoize(Object.assign((n) => n, { help: "text", [tag]: 1 }));
    assert.equal(f.help, "text");
    assert.equal(f[tag], 1);
  });

  test("the methods come before properties of the same name", () => {
    const f = memoize(Object.assign((n) => n, { clearCache: "mine" }));
    assert.equal(typeof f.clearCache, "function");
  });

  test("frozen functions and arrow functions are fine", () => {
    assert.equal(memoize(Object.freeze((n) => n + 1))(1), 2);
  });

  test("a function that is memoized already can be memoized again", () => {
    let runs = 0;
    const inner = memoize((n) => (runs++, n));
    const outer = memoize(inner);
    assert.deepEqual([outer(1), outer(1), inner(1), runs], [1, 1, 1, 1]);
    outer.clearCache();
    assert.equal(inner.entries().length, 1);
  });
});

describe("`this` is passed on", () => {
  const owner = { factor: 3 };
  const multiply = function (n) {
    return this?.factor * n;
  };

  test("to the function, on every way to it", () => {
    const ways = [memoize(multiply), memoize(multiply, { staleAfter: "1h" }), memoize(multiply, { onEvent: () => {} })];
    for (const f of ways) {
      owner.f = f;
      assert.equal(owner.f(2), 6);
      assert.equal(f.with({ skipCache: true }).call(owner, 2), 6);
    }
  });

  test("to the own key", () => {
    const f = memoize(multiply, {
      key(n) {
        return [this.factor, n];
      },
    });
    assert.deepEqual([f.call({ factor: 2 }, 2), f.call({ factor: 3 }, 2), f.call({ factor: 2 }, 2)], [4, 6, 4]);
    assert.equal(f.entries().length, 2);
  });

  test("and is no part of the key", () => {
    const f = memoize(multiply);
    assert.deepEqual([f.call({ factor: 2 }, 2), f.call({ factor: 3 }, 2)], [4, 4]);
  });

  test("traced calls have the `this` they are given", () => {
    const f = memoize(multiply);
    assert.equal(f.trace.call(owner, 4).value, 12);
    assert.ok(Number.isNaN(f.trace(5).value));
  });
});

describe("views", () => {
  test("work on the cache of their function", () => {
    let runs = 0;
    const f = memoize(() => ++runs);
    const overwrite = f.with({ overwriteCache: true });
    assert.deepEqual([f(), overwrite(), overwrite(), f()], [1, 2, 3, 3]);
  });

  test("are no memoized functions of their own", () => {
    assert.equal(memoize(() => 0).with({}).clearCache, undefined);
  });

  test("options that are changed later change nothing", () => {
    let runs = 0;
    const f = memoize(() => ++runs);
    const options = { skipCache: false };
    const view = f.with(options);
    options.skipCache = true;
    assert.deepEqual([view(), view()], [1, 1]);
  });
});

describe("events", () => {
  function recorded(fn, options) {
    const events = [];
    const f = memoize(fn, { name: "f", ...options, onEvent: (event) => events.push(event) });
    return { f, types: () => events.map(({ type }) => type), events };
  }

  test("tell the outcome of each call, its name and arguments", async () => {
    const { f, types, events } = recorded(async (n) => n);
    await Promise.all([f(1), f(1)]);
    await f(1);
    await f.with({ skipCache: true })(1);
    assert.deepEqual(types(), ["computed", "waited", "hit", "bypassed"]);
    for (const { name, args } of events) assert.deepEqual([name, args], ["f", [1]]);
  });

  test("tell refreshes and failures", async (context) => {
    const clock = fakeClock();
    context.after(clock.remove);
    context.mock.method(console, "warn", () => {});
    let isDown = false;
    const source = () => {
      if (isDown) throw new Error("down");
      return 1;
    };
    const { f, types, events } = recorded(source, { staleAfter: 1, nextTime: true });
    f();
    for (const down of [false, true]) {
      isDown = down;
      await clock.advance(5);
      f();
      await clock.rest();
    }
    assert.deepEqual(types(), ["computed", "stale hit", "refreshed", "stale hit", "failed"]);
    assert.equal(events.at(-1).error.message, "down");
  });

  test("cost no caller the result if their listener throws", (context) => {
    const warn = context.mock.method(console, "warn", () => {});
    const f = memoize((n) => n, {
      onEvent: () => {
        throw new Error("a broken listener");
      },
    });
    assert.deepEqual([f(1), f(1)], [1, 1]);
    assert.equal(warn.mock.callCount(), 2);
  });

  test("let their listener call the function", () => {
    let isListening = true;
    const f = memoize((n) => n, {
      onEvent: () => {
        if (!isListening) return;
        isListening = false;
        f(2);
        f.clearCache();
      },
    });
    assert.deepEqual([f(1), f(1)], [1, 1]);
  });
});

describe("the clock", () => {
  test("is read at most once in the time of `clockResolution`", async (context) => {
    const clock = fakeClock();
    context.after(clock.remove);
    const f = memoize(() => clock.now(), { staleAfter: 50, clockResolution: 100 });
    const start = f();
    f();
    const read = mock.method(Date, "now");
    context.after(() => read.mock.restore());
    for (let call = 0; call < 100; call++) f();
    assert.ok(read.mock.callCount() <= 1, `${read.mock.callCount()} readings`);
    await clock.advance(99);
    assert.equal(f(), start, "served longer, as agreed");
    await clock.advance(100);
    assert.equal(f(), clock.now());
  });

  test("is not read where nothing becomes stale", () => {
    const f = memoize((n) => n);
    f(1);
    const read = mock.method(Date, "now");
    for (let call = 0; call < 100; call++) f(1);
    read.mock.restore();
    assert.equal(read.mock.callCount(), 0);
  });
});

describe("sync and async", () => {
  test("a precached value of an async function is a promise", async () => {
    for (const f of [memoize(async () => 0), memoize(() => Promise.resolve(0), { async: true })]) {
      assert.equal(f.precacheValue([1], 7), 7);
      const result = f(1);
      assert.ok(result instanceof Promise);
      assert.equal(await result, 7);
    }
  });

  test("a precached value of a sync function is the value", () => {
    const f = memoize(() => 0);
    f.precacheValue([1], 7);
    assert.equal(f(1), 7);
  });

  test("a sync function does not become async, nor the other way round", async () => {
    const f = memoize((n) => (n === 1 ? Promise.resolve("later") : "now"));
    for (let call = 0; call < 2; call++) {
      assert.equal(f(2), "now");
      assert.equal(await f(1), "later");
    }
  });

  test("a function that throws before its promise throws at once", () => {
    const f = memoize(
      () => {
        throw new Error("at once");
      },
      { async: true },
    );
    assert.throws(() => f(1), /at once/);
  });

  test("rejections that nobody waits for twice are reported once, as without the library", async () => {
    const unhandled = mock.fn();
    process.on("unhandledRejection", unhandled);
    const f = memoize(async () => {
      throw new Error("down");
    });
    await assert.rejects(Promise.all([f(1), f(1), f(1)]), /down/);
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off("unhandledRejection", unhandled);
    assert.equal(unhandled.mock.callCount(), 0);
  });
});

describe("a program", () => {
  /** The timers that are left when a program has done this. */
  function timersLeftBy(program) {
    const source = `
      import { memoize } from ${JSON.stringify(import.meta.resolve("cachier"))};
      const sleep = (millis) => new Promise((resolve) => setTimeout(resolve, millis));
      ${program}
      console.log(process.getActiveResourcesInfo().filter((name) => name === "Timeout").length);
      process.exit();`;
    return execFileSync(process.execPath, ["--input-type=module", "--eval", source], { encoding: "utf8" }).trim();
  }

  test("is not kept alive by waits that are over, whether they were served or freed", () => {
    const program = `
      const f = memoize(() => sleep(5), { waitForCalcTimeout: "1h", allowNone: true });
      await Promise.all([f(1), f(1), f(1)]);
      const g = memoize((n) => n === 1 ? new Promise(() => {}) : 0, { waitForCalcTimeout: "1h" });
      void g(1);
      const waiting = g(1);
      g.precacheValue([1], 2);
      await waiting;`;
    assert.equal(timersLeftBy(program), "0");
  });

  test("is not kept alive by a coarse clock or a clean-up to come", () => {
    const program = `
      const f = memoize((n) => n, { staleAfter: "1h", clockResolution: 60_000, cleanupStale: true, cleanupInterval: "1h" });
      f(1);
      f(1);
      await f.idle();`;
    assert.equal(timersLeftBy(program), "0");
  });

  test("meets no unhandled rejection of a refresh that fails", async () => {
    const program = `
      process.on("unhandledRejection", () => console.log("unhandled"));
      console.warn = () => {};
      let isDown = false;
      const f = memoize(async () => { if (isDown) throw new Error("down"); return 1; }, { staleAfter: 1, nextTime: true });
      await f(1);
      await sleep(5);
      isDown = true;
      await f(1);
      await f.idle();
      await sleep(1);`;
    assert.equal(timersLeftBy(program), "0");
  });
});
