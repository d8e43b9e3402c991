// What is attached to a memoized function, and the bounds of its core.

import { alike, equal, failure, holds, tells } from "./check.mjs";

const HOUR = 3_600_000;

export async function clearingEmptiesThisFunctionOnly({ counter }) {
  const [f, g] = [counter().f, counter().f];
  for (const each of [f, g]) alike([await each(1), await each(2)], [1, 2]);
  await f.clearCache();
  alike([(await f.entries()).length, (await g.entries()).length], [0, 2]);
  alike([await f(1), await g(1)], [3, 1]);
}

export async function clearAllEmptiesEveryFunction({ counter, library }) {
  const [f, g] = [counter().f, counter().f];
  await f(1);
  await g(1);
  await library.clearAll();
  alike([await f(1), await g(1)], [2, 2]);
}

export async function aPrecachedValueIsServedWithoutARun({ counter }) {
  const { f, runs } = counter();
  equal(await f.precacheValue([2, 2], 5), 5);
  equal(await f(2, 2), 5);
  equal(runs(), 0);
  await f.clearCache();
  equal(await f(2, 2), 1);
}

export async function aPrecachedValueReplacesWhatIsStored({ counter }) {
  const { f } = counter();
  await f(1);
  await f.precacheValue([1], 7);
  alike([await f(1), await f(1), await f.peek(1)], [7, 7, 7]);
}

export async function anEntryCanBePeekedAtAndRemoved({ counter }) {
  const { f } = counter();
  alike([await f.peek(1), await f.remove(1)], [undefined, false]);
  await f(1);
  await f(2);
  alike([await f.peek(1), await f.remove(1), await f.remove(1), await f.peek(1), await f.peek(2)], [1, true, false, undefined, 2]);
  equal(await f(1), 3);
}

export async function everySpellingOfARemovedKeyIsRemoved({ counter }) {
  const { f } = counter();
  await f({ a: 1, b: 2 });
  equal(await f({ b: 2, a: 1 }), 1);
  await f.remove({ a: 1, b: 2 });
  equal(await f({ b: 2, a: 1 }), 2);
  equal(await f({ a: 1, b: 2 }), 2);
}

export async function entriesAreListedWithTheirAge({ counter, clock }) {
  const { f } = counter({ staleAfter: "3s" });
  const start = clock.now();
  await f(1, "x");
  await clock.advance(3_000);
  await f(2);
  const entries = (await f.entries()).sort((one, other) => one.storedAt - other.storedAt);
  alike(entries.map(({ key, value, storedAt, stale }) => [key, value, storedAt - start, stale]), [
    ['[1, "x"]', 1, 0, true],
    ["[2]", 2, 3_000, false],
  ]);
}

export async function thereIsNoDirectory({ counter }) {
  const { f } = counter();
  await f(1);
  equal(f.cacheDpath(), null);
}

export async function aCleanUpTakesWhatIsStaleOnly({ counter, clock }) {
  const { f } = counter({ staleAfter: "3s", cleanupStale: true, cleanupInterval: "1h" });
  await f(1);
  await clock.advance(HOUR);
  await f.precacheValue([2], 5);
  await f(3);
  await f.idle();
  alike([await f.peek(1), await f.peek(2), await f.peek(3)], [undefined, 5, 2]);
}

export async function aCleanUpIsNotRepeatedBeforeItIsDue({ counter, clock }) {
  const { f } = counter({ staleAfter: "3s", cleanupStale: true, cleanupInterval: "1h" });
  await f(1);
  await clock.advance(HOUR - 1);
  await f(2);
  await f.idle();
  equal(await f.peek(1), 1);
  await clock.advance(1);
  await f(2);
  await f.idle();
  equal(await f.peek(1), undefined);
}

export async function aHitStartsTheCleanUpThatIsDue({ counter, clock }) {
  const { f } = counter({ staleAfter: "90m", cleanupStale: true, cleanupInterval: "1h" });
  await f(1);
  await clock.advance(HOUR - 1);
  await f(2);
  await clock.advance(HOUR / 2 + 1);
  equal(await f(2), 2);
  await f.idle();
  alike([await f.peek(1), await f.peek(2)], [undefined, 2]);
}

export async function thereAreNeverMoreEntriesThanAllowed({ counter }) {
  const { f } = counter({ maxEntries: 10 });
  for (let number = 0; number < 100; number++) {
    await f(number);
    equal((await f.entries()).length, Math.min(number + 1, 10));
  }
  await f.precacheValue(["by hand"], 5);
  equal((await f.entries()).length, 10);
  equal(await f("by hand"), 5);
}

export async function thereAreNeverMoreBytesThanAllowed({ define }) {
  const { f } = define((number, length) => "x".repeat(length), { maxBytes: "10KB" });
  for (let length = 0; length < 100; length++) {
    await f(length);
    const bytes = (await f.entries()).reduce((sum, { size }) => sum + size, 0);
    holds(bytes <= 10_000, `${bytes} bytes after ${length}`);
  }
  holds((await f.entries()).length > 10, "and not far fewer");
}

export async function aValueBeyondAllBytesEvictsNothing({ define }) {
  const { f, runs } = define((number, length) => "x".repeat(length), { maxBytes: "10KB" });
  await f(10);
  for (let call = 0; call < 2; call++) equal((await f(10_000)).length, 10_000);
  alike([(await f.peek(10))?.length, await f.peek(10_000), runs()], [10, undefined, 3]);
}

export async function aKeyInUseSurvivesAScan({ counter }) {
  const { f } = counter({ maxEntries: 20 });
  const first = await f("hot");
  for (let number = 0; number < 200; number++) {
    await f(number);
    equal(await f("hot"), first, `after ${number} others`);
  }
}

/** Seen through any order of calls: what is not stored any more is calculated, what is stored is not. */
export async function whatIsServedIsWhatIsStored({ counter }) {
  for (const maxEntries of [1, 2, 3]) {
    const { f, runs } = counter({ maxEntries });
    for (let step = 0; step < 300; step++) {
      const argument = (step * step + 3 * (step >> 3)) % 7;
      const isStored = await f.peek(argument) !== undefined;
      const before = runs();
      await f(argument);
      equal(runs() === before, isStored, `${argument} at step ${step} of ${maxEntries} entries`);
    }
  }
}

export async function precachingIsCheckedWhenItIsAsked({ counter }) {
  const { f } = counter();
  tells((await failure(() => f.precacheValue(1, 2))).message, /array/);
  tells((await failure(() => f.precacheValue([1], Promise.resolve(2)))).message, /promise/);
  equal((await f.entries()).length, 0);
}
