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
  let interruption;
  const { f } = define((number) => {
    if (number === 1) interruption = interrupt(f);
    return number;
  });
  equal(await f(1), 1);
  // Until then it counts for the runs that follow as well.
  await interruption;
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

/** Runs `go` at depths that differ by less than what the engine takes, so that in one of them it would be the engine that overflows. */
function overflowsAtSomeDepths(go) {
  const deeper = (frames) => (frames === 0 ? go() : deeper(frames - 1));
  for (const frames of [0, 7, 19]) {
    try {
      deeper(frames);
    } catch {
      // Chromium and WebKit throw a RangeError, Firefox an InternalError.
    }
  }
}

export async function recursionWithoutEndHarmsNoCallThatFollows({ library }) {
  const deep = library.memoize((n) => (n > 0 ? deep(n - 1) + 1 : 0));
  const limited = library.memoize((n) => limited(n + 1), { staleAfter: "1h" });
  const leaf = library.memoize((n) => n + 1, { maxEntries: 5 });
  // None is a tail call, for which WebKit takes no stack.
  const walk = (n) => walk(leaf(n) + Number(leaf.peek(n) === 0)) + 1;
  const look = (n) => look(leaf.with({ maxAge: n % 9 })(n)) + 1;
  for (const go of [() => deep(100_000), () => limited(0), () => walk(0), () => look(0)]) overflowsAtSomeDepths(go);
  const keys = Array.from({ length: 1_000 }, (_, index) => 100 * index);
  alike(
    keys.map((n) => deep(n)),
    keys,
    "those that overflowed are calculated in steps",
  );
  const double = library.memoize((n) => 2 * n);
  alike([leaf(1), leaf.trace(1).outcome, double(4), double.entries().length], [2, "hit", 8, 1]);
  alike([deep.clearCache(), limited.clearCache(), limited.entries()], [undefined, undefined, []]);
}
