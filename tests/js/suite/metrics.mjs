// What is counted.

import { alike, equal, failure, holds } from "./check.mjs";

export const outcomes = ["hits", "staleHits", "computed", "waited", "bypassed"];

function sumOf(metrics) {
  return outcomes.reduce((sum, name) => sum + metrics[name], 0);
}

export async function withoutMetricsThereAreNone({ counter }) {
  const { f } = counter();
  await f(1);
  equal(await f.metrics(), null);
}

export async function outcomesAddUpToCalls({ define, clock }) {
  const { f } = define((number, argument) => {
    if (argument === "bad") throw new Error("bad");
    return number;
  }, { metrics: true, staleAfter: "3s", nextTime: true });
  for (const argument of [1, 1, 2, 1, 2, [1], [1]]) await f(argument);
  await failure(() => f("bad"));
  await f.with({ skipCache: true })(1);
  await f.with({ overwriteCache: true })(1);
  await clock.advance(3_000);
  await f(2);
  await clock.rest();
  const metrics = await f.metrics();
  equal(sumOf(metrics), 11);
  alike(outcomes.map((name) => metrics[name]), [4, 1, 5, 0, 1]);
}

export async function callsWithOwnKeysAreCountedToo({ counter }) {
  for (const options of [{ key: (n) => n }, { scope: "s" }, { onEvent: () => {} }]) {
    const { f } = counter({ metrics: true, ...options });
    for (const argument of [1, 1, 1]) await f(argument);
    const metrics = await f.metrics();
    alike(outcomes.map((name) => metrics[name]), [2, 0, 1, 0, 0]);
  }
}

export async function failedCallsAreCounted({ define }) {
  const { f } = define(() => {
    throw new Error("down");
  }, { metrics: true });
  for (let call = 0; call < 3; call++) await failure(() => f(1));
  const metrics = await f.metrics();
  alike([sumOf(metrics), metrics.computed, metrics.entries], [3, 3, 0]);
}

export async function entriesAndBytesAreCounted({ define }) {
  const { f } = define((number, length) => "x".repeat(length), { metrics: true });
  for (const length of [100, 200]) await f(length);
  const { entries, bytes } = await f.metrics();
  equal(entries, 2);
  equal(bytes, (await f.entries()).reduce((sum, { size }) => sum + size, 0));
  holds(bytes >= 600, `${bytes} bytes`);
  await f.remove(100);
  equal((await f.metrics()).entries, 1);
  await f.clearCache();
  alike([(await f.metrics()).entries, (await f.metrics()).bytes], [0, 0]);
}

export async function rejectionsEvictionsAndRecalculationsAreCounted({ define, clock }) {
  const { f } = define((number, length) => "x".repeat(length), { metrics: true, entrySizeLimit: "1KB", maxEntries: 2, staleAfter: "3s" });
  await f(1_000);
  for (const length of [1, 2, 3]) await f(length);
  await clock.advance(3_000);
  await f(3);
  const { rejections, evictions, recalculations, storageErrors } = await f.metrics();
  alike([rejections, evictions, recalculations, storageErrors], [1, 1, 1, 0]);
}

export async function refreshesAreCounted({ define, clock }) {
  const { f } = define((number) => {
    if (number === 3) throw new Error("down");
    return number;
  }, { metrics: true, staleAfter: "3s", nextTime: true });
  await f(1);
  for (let time = 0; time < 2; time++) {
    await clock.advance(3_000);
    await f(1);
    await clock.rest();
  }
  const { refreshes, refreshFailures, staleHits, computed } = await f.metrics();
  alike([refreshes, refreshFailures, staleHits, computed], [1, 1, 2, 1]);
}

/** Async only. */
export async function waitsAndTimeoutsAreCounted({ slow, clock }) {
  const { f } = slow(3_000, { metrics: true, waitForCalcTimeout: "1s" });
  for (let call = 0; call < 5; call++) void f(1);
  await clock.advance(5_000);
  const metrics = await f.metrics();
  equal(sumOf(metrics), 5);
  alike([metrics.computed, metrics.waited, metrics.timeouts], [2, 3, 1]);
  holds(metrics.calculationMillis >= 0, "a time");
}
