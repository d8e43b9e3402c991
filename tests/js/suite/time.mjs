// Freshness, refreshes and the clock.

import { alike, equal, failure, holds, tells } from "./check.mjs";

const SECOND = 1_000;
const DAY = 86_400 * SECOND;

/** A function whose source can be switched off: it then fails. */
function source({ define }, options) {
  const state = { isDown: false };
  const { f, runs } = define((number) => {
    if (state.isDown) throw new Error(`the source is down at run ${number}`);
    return number;
  }, options);
  return { f, runs, state };
}

export async function aValueIsServedUntilItsLimit({ counter, clock }) {
  const { f } = counter({ staleAfter: "3s" });
  equal(await f(1), 1);
  await clock.advance(2_999);
  equal(await f(1), 1);
  await clock.advance(1);
  equal(await f(1), 2);
  await clock.advance(2_999);
  equal(await f(1), 2);
}

export async function withALimitOfZeroEveryCallRuns({ counter }) {
  const { f } = counter({ staleAfter: 0 });
  alike([await f(1), await f(1), await f(1)], [1, 2, 3]);
}

export async function withoutALimitAValueIsServedForEver({ counter, clock }) {
  const { f } = counter();
  await f(1);
  await clock.advance(100_000 * DAY);
  equal(await f(1), 1);
}

export async function limitsOfManyDaysAreKept({ counter, clock }) {
  const { f } = counter({ staleAfter: "60d" });
  await f(1);
  await clock.advance(60 * DAY - 1);
  equal(await f(1), 1);
  await clock.advance(1);
  equal(await f(1), 2);
}

export async function theClockDecidesWhereTheEventLoopIsBlocked({ counter, clock }) {
  const { f } = counter({ staleAfter: "3s" });
  await f(1);
  clock.jump(3 * SECOND);
  equal(await f(1), 2);
}

export async function aStaleValueIsServedAtOnceAndRenewedNextTime({ counter, clock }) {
  const { f, runs } = counter({ staleAfter: "3s", nextTime: true });
  await f(1);
  await clock.advance(3 * SECOND);
  const stale = await f.trace(1);
  alike([stale.value, stale.outcome, stale.age], [1, "stale hit", 3_000]);
  await clock.rest();
  equal(await f(1), 2);
  equal(runs(), 2);
}

export async function twoCallsOfAStaleValueAreOneRefresh({ counter, clock }) {
  const { f, runs } = counter({ staleAfter: "3s", nextTime: true });
  await f(1);
  await clock.advance(3 * SECOND);
  alike(await Promise.all([f(1), f(1)]), [1, 1]);
  await clock.rest();
  equal(runs(), 2);
}

export async function beyondItsWindowAStaleValueIsNotServed({ counter, clock }) {
  const { f } = counter({ staleAfter: "3s", nextTime: "2s" });
  await f(1);
  await clock.advance(5 * SECOND - 1);
  equal((await f.trace(1)).outcome, "stale hit");
  await clock.rest();
  await clock.advance(5 * SECOND);
  alike((await f.trace(1)), { value: 3, outcome: "computed", age: 0 });
}

export async function aFailedRefreshKeepsTheOldValue(scene) {
  const { clock, console } = scene;
  const { f, state } = source(scene, { staleAfter: "3s", nextTime: true });
  await f(1);
  await clock.advance(3 * SECOND);
  state.isDown = true;
  equal(await f(1), 1);
  await clock.rest();
  equal(await f(1), 1);
  equal(await f.peek(1), 1);
  tells(console.warnings.join("\n"), /refresh failed/);
}

export async function retriesOfAFailedRefreshBackOff(scene) {
  const { clock } = scene;
  const { f, runs, state } = source(scene, { staleAfter: "3s", nextTime: true });
  await f(1);
  await clock.advance(3 * SECOND);
  state.isDown = true;
  for (let call = 0; call < 240; call++) {
    equal(await f(1), 1);
    await clock.advance(SECOND / 4);
  }
  holds(runs() > 3 && runs() < 12, `${runs()} runs in a minute`);
}

export async function aRefreshGivenUpForAnotherScopeIsNoFailure({ define, clock, console }) {
  let user = "alice";
  const { f, runs } = define((number) => number, { metrics: true, staleAfter: "3s", nextTime: true, scope: () => user });
  equal(await f(1), 1);
  await clock.advance(3 * SECOND);
  for (const [refresher, runsThen] of [["bob", 1], ["alice", 2]]) {
    user = "alice";
    equal(await f(1), 1);
    user = refresher;
    await clock.rest();
    equal(runs(), runsThen);
  }
  const { refreshes, refreshFailures } = await f.metrics();
  alike([refreshes, refreshFailures], [1, 0]);
  alike(console.warnings, []);
}

export async function aSuccessEndsThePauseAfterFailures(scene) {
  const { clock } = scene;
  const { f, state } = source(scene, { staleAfter: "3s", nextTime: true });
  await f(1);
  await clock.advance(3 * SECOND);
  state.isDown = true;
  await f(1);
  await clock.rest();
  state.isDown = false;
  await clock.advance(10 * SECOND);
  equal(await f(1), 1);
  await clock.rest();
  equal(await f(1), 3);
  await clock.advance(3 * SECOND);
  equal(await f(1), 3);
  await clock.rest();
  equal(await f(1), 4);
}

export async function aStricterMaxAgeCalculatesAnew({ counter, clock }) {
  const { f } = counter({ staleAfter: "10s" });
  await f(1);
  await clock.advance(2 * SECOND);
  equal(await f.with({ maxAge: "3s" })(1), 1);
  equal(await f.with({ maxAge: "2s" })(1), 2);
  equal(await f(1), 2);
}

export async function aLooserMaxAgeChangesNothing({ counter, clock }) {
  const { f } = counter({ staleAfter: "3s" });
  await f(1);
  await clock.advance(3 * SECOND);
  equal(await f.with({ maxAge: "10s" })(1), 2);
}

export async function aNegativeMaxAgeAlwaysCalculates({ counter }) {
  const { f } = counter({ nextTime: true });
  const anew = f.with({ maxAge: -1 });
  alike([await anew(1), await anew(1), await f(1)], [1, 2, 2]);
}

export async function aMaxAgeWithNextTimeServesAndRefreshes({ counter, clock }) {
  const { f } = counter({ staleAfter: "10s", nextTime: true });
  await f(1);
  await clock.advance(2 * SECOND);
  equal(await f.with({ maxAge: "1s" })(1), 1);
  await clock.rest();
  equal(await f(1), 2);
}

export async function aCallMayHaveAnotherLimit({ counter, clock }) {
  const { f } = counter({ staleAfter: "3s" });
  await f(1);
  await clock.advance(5 * SECOND);
  equal(await f.with({ staleAfter: "6s" })(1), 1);
  equal(await f(1), 2);
}

export async function afterAnErrorTheOldValueIsServedUpToItsLimit(scene) {
  const { clock } = scene;
  const { f, state } = source(scene, { staleAfter: "3s", staleIfError: "10s" });
  await f(1);
  await clock.advance(3 * SECOND);
  state.isDown = true;
  const old = await f.trace(1);
  alike([old.value, old.outcome, old.age], [1, "stale hit", 3_000]);
  await clock.advance(7 * SECOND - 1);
  equal(await f(1), 1);
  await clock.advance(1);
  tells((await failure(() => f(1))).message, /the source is down/);
}

export async function anErrorAfterClearingIsNotHidden(scene) {
  const { f, state } = source(scene, { staleAfter: "3s", staleIfError: true });
  await f(1);
  await f.clearCache();
  state.isDown = true;
  tells((await failure(() => f(1))).message, /the source is down/);
}

export async function anEntryFromTheFutureIsStale({ counter, clock }) {
  const { f } = counter({ staleAfter: "3s" });
  await f(1);
  clock.jump(-1_001);
  equal(await f(1), 2);
}

export async function aSmallStepBackOfTheClockChangesNothing({ counter, clock }) {
  const { f } = counter({ staleAfter: "3s" });
  await f(1);
  clock.jump(-1_000);
  equal(await f(1), 1);
}
