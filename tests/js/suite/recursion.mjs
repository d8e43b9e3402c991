// Functions that call themselves and each other while they run.

import { alike, equal } from "./check.mjs";

export async function recursionOnTheSameKeyEnds({ define }) {
  const { f, runs } = define((number) => (number < 4 ? f(1) : "the end"));
  equal(await f(1), "the end");
  equal(runs(), 4);
  equal(await f(1), "the end");
  equal(runs(), 4, "what the outermost run gave is stored");
}

export async function recursionOnOtherKeysIsKept({ define, kind }) {
  const add = (one, other) => (kind === "async" ? Promise.all([one, other]).then(([a, b]) => a + b) : one + other);
  const { f: fibonacci, runs } = define((_, n) => (n < 2 ? n : add(fibonacci(n - 1), fibonacci(n - 2))));
  equal(await fibonacci(40), 102_334_155);
  equal(runs(), 41);
}

export async function crossedCallsEnd({ define }) {
  const { f } = define((number, n) => (number < 3 ? g(n) : "the end"));
  const { f: g } = define((_, n) => f(n));
  equal(await f(1), "the end");
  equal(await g(1), "the end");
}

/** What a run's own function is told while it runs counts for that run. */
async function interruptsItself({ define }, interrupt) {
  const { f } = define((number) => {
    if (number === 1) interrupt(f);
    return number;
  });
  equal(await f(1), 1);
  return f;
}

export async function aRunThatClearsIsNotStored(scene) {
  const f = await interruptsItself(scene, (running) => running.clearCache());
  equal(await f.peek(1), undefined);
  alike([await f(1), await f(1)], [2, 2]);
}

export async function aRunThatRemovesItsKeyIsNotStored(scene) {
  const f = await interruptsItself(scene, (running) => running.remove(1));
  alike([await f(1), await f(1)], [2, 2]);
}

export async function aRunThatPrecachesItsKeyDoesNotReplaceIt(scene) {
  const f = await interruptsItself(scene, (running) => running.precacheValue([1], 7));
  alike([await f(1), await f.peek(1)], [7, 7]);
}

export async function aRunMayDefineAndCallOthers({ define }) {
  const double = () => define((_, n) => 2 * n).f;
  const { f } = define((_, n) => double()(n));
  equal(await f(20), 40);
}
