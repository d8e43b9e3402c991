// One calculation for many callers, and what ends it early. For async functions: sync JavaScript cannot wait.

import { alike, equal, failure, holds } from "./check.mjs";

const SECOND = 1_000;

/** Starts a call; what became of it can be seen without waiting for it. */
function start(promise) {
  const call = { isSettled: false };
  const note = (name) => (result) => Object.assign(call, { [name]: result, isSettled: true });
  promise.then(note("value"), note("error"));
  return call;
}

function startMany(count, action) {
  return Array.from({ length: count }, () => start(action()));
}

export async function aSecondCallerWaitsForTheFirst({ slow, clock }) {
  const { f, runs } = slow(SECOND);
  const first = start(f.trace(1));
  await clock.advance(100);
  const second = start(f.trace(1));
  await clock.advance(900);
  alike([first.value, second.value], [{ value: 1, outcome: "computed", age: 0 }, { value: 1, outcome: "waited", age: 0 }]);
  equal(runs(), 1);
}

export async function manyCallersAreOneRun({ slow, clock }) {
  const { f, runs } = slow(SECOND);
  const calls = startMany(64, () => f({ a: 1 }));
  await clock.advance(SECOND);
  for (const { value } of calls) equal(value, 1);
  equal(runs(), 1);
}

export async function thoseWhoWaitReceiveTheFailure({ slow, clock }) {
  const thrown = new Error("down");
  const { f, runs } = slow(SECOND, {}, (number) => {
    if (number === 1) throw thrown;
    return number;
  });
  const calls = startMany(5, () => f(1));
  await clock.advance(SECOND);
  for (const { error } of calls) equal(error, thrown);
  const later = start(f(1));
  await clock.advance(SECOND);
  alike([later.value, runs()], [2, 2]);
}

export async function aLateOwnerHasOneSuccessor({ slow, clock }) {
  const { f, runs } = slow(3 * SECOND, { waitForCalcTimeout: "1s" });
  const owner = start(f(1));
  const waiters = startMany(6, () => f(1));
  await clock.advance(SECOND);
  equal(runs(), 2, "after the timeout");
  await clock.advance(3 * SECOND);
  for (const { value } of [owner, ...waiters]) holds(value === 1 || value === 2, `${value} is a real value`);
  equal(runs(), 2);
}

export async function anOwnerThatNeverEndsIsSucceeded({ memoize, clock }) {
  let runs = 0;
  const f = memoize(async () => (++runs === 1 ? new Promise(() => {}) : runs), { waitForCalcTimeout: "1s" });
  const owner = start(f(1));
  const waiters = startMany(3, () => f(1));
  await clock.advance(SECOND);
  for (const { value } of waiters) equal(value, 2);
  alike([owner.isSettled, await f(1), runs], [false, 2, 2]);
}

/** Timers count in 32 bits, which is 25 days; a longer one rings at once. */
export async function aVeryLongTimeoutIsNotReachedEarly({ slow, clock }) {
  const { f, runs } = slow(20 * 86_400 * SECOND, { waitForCalcTimeout: "60d" });
  const calls = startMany(2, () => f(1));
  await clock.advance(20 * 86_400 * SECOND);
  for (const { value } of calls) equal(value, 1);
  equal(runs(), 1);
}

export async function aLongWaitIsReported({ slow, clock, console }) {
  const { f } = slow(20 * SECOND, { name: "patience" });
  const calls = startMany(2, () => f(1));
  await clock.advance(9 * SECOND);
  equal(console.warnings.length, 0);
  await clock.advance(SECOND);
  equal(console.warnings.length, 1);
  holds(/patience.*10 s/.test(console.warnings[0]), console.warnings[0]);
  await clock.advance(10 * SECOND);
  for (const { value } of calls) equal(value, 1);
}

async function endsUnheard({ slow, clock }, interrupt) {
  const { f, runs } = slow(SECOND);
  const call = start(f(1));
  await clock.advance(500);
  await interrupt(f);
  await clock.advance(500);
  equal(call.value, 1, "its caller has the value");
  return { f, runs };
}

export async function aLateResultOfAClearedRunIsNotStored(scene) {
  const { f } = await endsUnheard(scene, (running) => running.clearCache());
  equal(await f.peek(1), undefined);
  const later = start(f(1));
  await scene.clock.advance(SECOND);
  equal(later.value, 2);
}

export async function aLateResultOfARemovedKeyIsNotStored(scene) {
  const { f } = await endsUnheard(scene, (running) => running.remove(1));
  equal(await f.peek(1), undefined);
  const later = start(f(1));
  await scene.clock.advance(SECOND);
  equal(later.value, 2);
}

export async function aLateResultDoesNotReplaceAPrecachedValue(scene) {
  const { f, runs } = await endsUnheard(scene, (running) => running.precacheValue([1], 7));
  alike([await f.peek(1), await f(1), runs()], [7, 7, 1]);
}

export async function aResultAfterFreedClaimsIsNotStored(scene) {
  const { f } = await endsUnheard(scene, (running) => running.clearBeingCalculated());
  equal(await f.peek(1), undefined);
}

async function freesThoseWhoWait({ memoize, clock }, free) {
  let runs = 0;
  const f = memoize(async () => (++runs === 1 ? new Promise(() => {}) : clock.sleep(100).then(() => runs)));
  const owner = start(f(1));
  const waiters = startMany(5, () => f(1));
  await clock.advance(SECOND);
  await free(f);
  await clock.advance(100);
  for (const { value } of waiters) equal(value, 2);
  alike([owner.isSettled, runs], [false, 2]);
}

export async function clearingFreesThoseWhoWait(scene) {
  await freesThoseWhoWait(scene, (f) => f.clearCache());
}

export async function freeingTheClaimsFreesThoseWhoWait(scene) {
  await freesThoseWhoWait(scene, (f) => f.clearBeingCalculated());
}

export async function removingFreesThoseWhoWait(scene) {
  await freesThoseWhoWait(scene, (f) => f.remove(1));
}

export async function aPrecachedValueIsGivenToThoseWhoWait({ slow, clock }) {
  const { f, runs } = slow(SECOND);
  start(f(1));
  const waiter = start(f(1));
  await clock.rest();
  await f.precacheValue([1], 7);
  await clock.rest();
  alike([waiter.value, runs()], [7, 1]);
}

export async function aLargeValueIsGivenToThoseWhoWait({ slow, clock }) {
  const { f, runs } = slow(SECOND, { entrySizeLimit: 100 }, () => "x".repeat(1_000));
  const calls = startMany(3, () => f(1));
  await clock.advance(SECOND);
  for (const { value } of calls) equal(value?.length, 1_000);
  alike([runs(), await f.peek(1)], [1, undefined]);
}

export async function nothingIsGivenToThoseWhoWait({ slow, clock }) {
  const { f, runs } = slow(SECOND, {}, () => undefined);
  const calls = startMany(3, () => f(1));
  await clock.advance(SECOND);
  for (const { isSettled, value } of calls) alike([isSettled, value], [true, undefined]);
  equal(runs(), 1);
}

export async function anOverwritingCallDoesNotWait({ slow, clock }) {
  const { f, runs } = slow(SECOND);
  start(f(1));
  await clock.advance(500);
  const overwriting = start(f.with({ overwriteCache: true })(1));
  await clock.advance(SECOND);
  alike([overwriting.value, runs(), await f(1)], [2, 2, 2]);
}

export async function aFreshValueIsServedWhileSomebodyOverwrites({ slow, clock }) {
  const { f } = slow(SECOND);
  const first = start(f(1));
  await clock.advance(SECOND);
  equal(first.value, 1);
  const overwriting = start(f.with({ overwriteCache: true })(1));
  equal(await f(1), 1);
  await clock.advance(SECOND);
  alike([overwriting.value, await f(1)], [2, 2]);
}

export async function aRefreshLeavesTheOldValueWhileItRuns({ slow, clock }) {
  const { f, runs } = slow(SECOND, { staleAfter: "3s", nextTime: true });
  start(f(1));
  await clock.advance(4 * SECOND);
  for (let call = 0; call < 5; call++) {
    equal(await f(1), 1);
    await clock.advance(100);
  }
  await clock.advance(500);
  alike([await f(1), runs()], [2, 2]);
}

export async function clearingDuringARefreshForgetsIt({ slow, clock }) {
  const { f } = slow(SECOND, { staleAfter: "3s", nextTime: true });
  start(f(1));
  await clock.advance(4 * SECOND);
  await f(1);
  await clock.advance(500);
  await f.clearCache();
  await clock.advance(500);
  equal(await f.peek(1), undefined);
  const later = start(f(1));
  await clock.advance(SECOND);
  equal(later.value, 3);
}

export async function idleWaitsForRefreshes({ slow, clock }) {
  const { f } = slow(SECOND, { staleAfter: "3s", nextTime: true });
  start(f(1));
  await clock.advance(4 * SECOND);
  await f(1);
  const idle = start(f.idle());
  await clock.advance(999);
  equal(idle.isSettled, false);
  await clock.advance(1);
  alike([idle.isSettled, await f(1)], [true, 2]);
}

export async function whatIsBeingCalculatedIsNotCleanedUp({ slow, clock }) {
  const { f } = slow(SECOND, { staleAfter: "3s", staleIfError: true, cleanupStale: true, cleanupInterval: "1m" }, (number) => {
    if (number === 2) throw new Error("down");
    return number;
  });
  start(f(1));
  await clock.advance(61 * SECOND);
  const failing = start(f(1));
  await clock.advance(SECOND);
  equal(failing.value, 1, "the old value was still there");
}

export async function argumentsChangedBeforeTheirRefreshAreNotStored({ slow, clock }) {
  const { f } = slow(SECOND, { staleAfter: "3s", nextTime: true }, (number, list) => [...list]);
  const list = [1];
  start(f(list));
  await clock.advance(4 * SECOND);
  const stale = start(f(list));
  list.push(2);
  await clock.advance(2 * SECOND);
  alike([stale.value, await f.peek([1]), await f.peek([1, 2])], [[1], [1], undefined]);
}

export async function argumentsChangedDuringAWaitAreNotStored({ memoize, clock }) {
  let runs = 0;
  const f = memoize(async (list) => (++runs === 1 ? new Promise(() => {}) : [...list]), { waitForCalcTimeout: "1s" });
  const list = [1];
  start(f([1]));
  const waiter = start(f(list));
  await clock.advance(500);
  list.push(2);
  await clock.advance(500);
  alike([waiter.value, await f.peek([1]), await f.peek([1, 2])], [[1, 2], undefined, undefined]);
}

export async function concurrentCallersOfOtherArgumentsDoNotWait({ slow, clock }) {
  const { f, runs } = slow(SECOND);
  const calls = [1, 2, 3].map((argument) => start(f(argument)));
  await clock.advance(SECOND);
  for (const { isSettled } of calls) equal(isSettled, true);
  equal(runs(), 3);
}

export async function aRejectedRunIsNotKept({ memoize }) {
  let runs = 0;
  const f = memoize(() => Promise.reject(new Error(`run ${++runs}`)));
  for (const number of [1, 2]) equal((await failure(() => f(1))).message, `run ${number}`);
}

export async function everyCallerIsGivenTheSamePromiseLater({ memoize }) {
  const f = memoize(async () => ({}));
  const value = await f(1);
  equal(f(1), f(1));
  equal(await f(1), value);
}

/** A function that is no async function, and what it returns no promise. */
export async function aThenableIsAPromise({ memoize }) {
  let runs = 0;
  const f = memoize(() => ({ then: (resolve) => void resolve(`run ${++runs}`) }));
  const [one, other] = await Promise.all([f(1), f(1)]);
  alike([one, other, await f(1), await f.peek(1), runs], ["run 1", "run 1", "run 1", "run 1", 1]);
  const g = memoize(() => ({ then: (_, reject) => void reject(new Error("rejected")) }));
  equal((await failure(() => g(1))).message, "rejected");
  equal((await g.entries()).length, 0);
}
