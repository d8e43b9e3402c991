// The options of one call, nothing, failures, sizes, and where results come from.

import { alike, equal, failure, holds, tells } from "./check.mjs";

/** A function that remembers what it was called with. */
function attentive({ define }, options) {
  const calls = [];
  const { f } = define((number, ...args) => {
    calls.push(args);
    return number;
  }, options);
  return { f, calls };
}

export async function aSkippingCallRunsAndTouchesNothing(scene) {
  const { f, calls } = attentive(scene);
  const argument = { deep: [1] };
  equal(await f(argument), 1);
  equal(await f.with({ skipCache: true })(argument), 2);
  equal(await f(argument), 1);
  equal(calls[1][0], argument);
  equal(await f.with({ skipCache: true })("other"), 3);
  equal(await f.peek("other"), undefined);
}

export async function anOverwritingCallRunsAndStores(scene) {
  const { f, calls } = attentive(scene);
  const argument = { deep: [1] };
  await f(argument);
  equal(await f.with({ overwriteCache: true })(argument), 2);
  equal(await f(argument), 2);
  equal(calls[1][0], argument);
}

export async function anOverwritingCallThatFailsKeepsTheOldValue({ define }) {
  const { f } = define((number) => {
    if (number === 2) throw new Error("down");
    return number;
  });
  await f(1);
  tells((await failure(() => f.with({ overwriteCache: true })(1))).message, /down/);
  equal(await f(1), 1);
}

export async function whileCachingIsDisabledEveryCallRuns({ counter, library }) {
  const { f } = counter();
  await f(1);
  library.disableCaching();
  alike([await f(1), await f(1)], [2, 3]);
  equal((await f.trace(1)).outcome, "bypassed");
  library.enableCaching();
  alike([await f(1), await f(1)], [1, 1]);
}

export async function whatIsDefinedWhileCachingIsDisabledIsCachedLater({ counter, library }) {
  library.disableCaching();
  const { f } = counter();
  alike([await f(1), await f(1)], [1, 2]);
  library.enableCaching();
  alike([await f(1), await f(1)], [3, 3]);
}

export async function whatIsStoredWhileCachingIsDisabledIsServedLater({ define, library }) {
  const { f, runs } = define((number) => {
    library.disableCaching();
    return number;
  });
  alike([await f(1), await f.precacheValue(["by hand"], 7)], [1, 7]);
  alike([await f(1), await f("by hand"), runs()], [2, 3, 3]);
  library.enableCaching();
  alike([await f.peek(1), await f(1), await f("by hand"), runs()], [1, 1, 7, 3]);
}

export async function nothingIsNotServedUnlessAllowed({ define, console }) {
  for (const nothing of [undefined, null]) {
    const { f, runs } = define(() => nothing);
    for (let call = 0; call < 4; call++) equal(await f(1), nothing);
    equal(runs(), 4);
  }
  equal(console.warnings.length, 2, "a warning for each function");
  tells(console.warnings[0], /allowNone/);
}

export async function nothingIsServedWhereAllowed({ define }) {
  for (const nothing of [undefined, null]) {
    const { f, runs } = define(() => nothing, { allowNone: true });
    for (let call = 0; call < 4; call++) equal(await f(1), nothing);
    equal(runs(), 1);
  }
}

export async function oneCallMayAllowNothing({ define }) {
  const { f, runs } = define(() => undefined);
  await f(1);
  await f.with({ allowNone: true })(1);
  equal(runs(), 1);
  await f(1);
  equal(runs(), 2);
}

export async function otherValuesDoNotMindAllowNone({ define }) {
  for (const allowNone of [true, false])
    for (const value of [0, "", false, NaN, 0n]) {
      const { f, runs } = define(() => value, { allowNone });
      await f(1);
      equal(await f(1), value);
      equal(runs(), 1, String(value));
    }
}

export async function aFailureIsNotStored({ define }) {
  const { f, runs } = define((number) => {
    if (number < 3) throw new RangeError(`run ${number}`);
    return number;
  });
  for (const number of [1, 2]) {
    const error = await failure(() => f(1));
    holds(error instanceof RangeError && error.message === `run ${number}`, `the error itself, not ${error}`);
  }
  alike([await f(1), await f(1), runs()], [3, 3, 3]);
}

export async function anythingCanBeThrown({ define }) {
  for (const thrown of [undefined, null, 0, "text", { then: 1 }]) {
    const { f } = define(() => {
      throw thrown;
    });
    equal(await failure(() => f(1)), thrown);
    equal((await f.entries()).length, 0);
  }
}

export async function aLargeValueIsReturnedAndNotStored({ define }) {
  const { f, runs } = define((number, length) => "x".repeat(length), { entrySizeLimit: "1KB" });
  for (let call = 0; call < 2; call++) {
    equal((await f(600)).length, 600);
    equal((await f(100)).length, 100);
  }
  equal(runs(), 3);
  equal(await f.peek(600), undefined);
}

export async function aLargeValueStoredByHandIsNotKept({ counter }) {
  const { f } = counter({ entrySizeLimit: "1KB" });
  equal((await f.precacheValue([1], "x".repeat(600))).length, 600);
  equal(await f.peek(1), undefined);
}

export async function theOriginOfAResultIsTold({ counter, clock }) {
  const { f } = counter();
  alike(await f.trace(1), { value: 1, outcome: "computed", age: 0 });
  await clock.advance(250);
  alike(await f.trace(1), { value: 1, outcome: "hit", age: 250 });
  alike(await f.with({ skipCache: true }).trace(1), { value: 2, outcome: "bypassed", age: 0 });
  alike(await f.with({ overwriteCache: true }).trace(1), { value: 3, outcome: "computed", age: 0 });
}

export async function aVerboseCallIsExplained({ counter, console }) {
  const { f } = counter({ name: "explained" });
  const verbose = f.with({ verbose: true });
  await verbose(1);
  await verbose(1);
  const lines = console.lines.join("\n");
  tells(lines, /explained/, /\[1\]/, /calculates/, /fresh/);
  await f(1);
  equal(console.lines.join("\n"), lines, "other calls are silent");
}
