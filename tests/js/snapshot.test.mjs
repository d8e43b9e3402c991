// Snapshots of memoized functions: what goes out comes back, and nothing damaged comes in.

import assert from "node:assert/strict";
import { test } from "node:test";
import { memoize } from "cachier";
import { exportSnapshot, importSnapshot } from "cachier/snapshot";

let names = 0;

/** Two functions of one name: one that gives `value`, one that must not run. */
function pair(value) {
  const name = `snapshot ${++names}`;
  const giving = memoize(() => value, { name, allowNone: true });
  const receiving = memoize(() => assert.fail("it ran"), { name, allowNone: true });
  return { giving, receiving };
}

const values = [
  ...[0, -0, 1, -1, 1.5, 2 ** 53, -(2 ** 60), NaN, Infinity, true, false, null, undefined, "", "text \u{1f600}"],
  ...[5n, -5n, 2n ** 80n, -(2n ** 80n), [], [1, [2]], {}, { a: { b: 1 } }, new Date(1_234), new Map([[{ k: 1 }, 2]]), new Map([["k", 2]])],
  ...[new Set([1, "x"]), new Uint8Array([1, 2]), new Float32Array([0.5]), new BigInt64Array([-5n]), new Uint16Array([700])],
];

for (const value of values)
  test(`${Object.prototype.toString.call(value)} ${String(value)} comes back as it was`, async () => {
    const { giving, receiving } = pair(value);
    giving("x", { deep: [1] });
    assert.deepEqual(await importSnapshot(receiving, await exportSnapshot(giving)), { stored: 1, skipped: 0 });
    assert.deepStrictEqual(receiving("x", { deep: [1] }), value);
  });

test("an entry keeps its age, and what is as new stays", async () => {
  const { giving, receiving } = pair(1);
  giving(1);
  const [{ storedAt }] = giving.entries();
  const bytes = await exportSnapshot(giving);
  await importSnapshot(receiving, bytes);
  assert.equal(receiving.entries()[0].storedAt, storedAt);
  receiving.precacheValue([1], 2);
  assert.deepEqual(await importSnapshot(receiving, bytes), { stored: 0, skipped: 1 });
  assert.equal(receiving(1), 2);
});

test("whatever byte is wrong or missing, nothing is stored", async () => {
  const { giving, receiving } = pair("value");
  giving(1);
  giving(2);
  const bytes = await exportSnapshot(giving);
  for (let index = 0; index < bytes.length; index++) {
    const flipped = bytes.slice();
    flipped[index] ^= 1;
    await assert.rejects(importSnapshot(receiving, flipped), RangeError, `byte ${index} flipped`);
    await assert.rejects(importSnapshot(receiving, bytes.slice(0, index)), RangeError, `cut off at ${index}`);
  }
  assert.equal(receiving.entries().length, 0);
});

test("a snapshot of another function is refused unless it is meant", async () => {
  const [{ giving }, { receiving }] = [pair(1), pair(1)];
  giving(1);
  const bytes = await exportSnapshot(giving);
  await assert.rejects(importSnapshot(receiving, bytes), /give \{ from: /);
  const [, from] = /from: "(.*)" \}/.exec((await importSnapshot(receiving, bytes).catch(String)).toString());
  assert.deepEqual(await importSnapshot(receiving, new Response(bytes), { from }), { stored: 1, skipped: 0 });
});

test("what has no place in a snapshot is named", async () => {
  for (const value of [() => 0, Symbol("s"), new (class Own {})(), "\ud800"]) {
    const { giving } = pair(value);
    giving(1);
    await assert.rejects(exportSnapshot(giving), /cannot be exported/);
  }
  await assert.rejects(exportSnapshot(() => 0), /memoize has made/);
});

// Exported by the `cachier` program from files of Rust: `report(2024, "eu")`, a struct of numbers, texts, an option and a tuple.
test("what the Rust library wrote is read", async () => {
  const report = memoize(() => assert.fail("it ran"), { name: "report" });
  const bytes = Uint8Array.from(FROM_RUST.match(/../g), (byte) => parseInt(byte, 16));
  assert.deepEqual(await importSnapshot(report, bytes), { stored: 1, skipped: 0 });
  assert.deepEqual(report(2024, "eu"), { year: 2024, total: 18_446_744_073_709_551_615n, share: 0.5, note: null, pair: [1, "x"] });
});

const FROM_RUST =
  "a5676361636869657268736e617073686f746776657273696f6e01626964667265706f72746261741b000001a211b43bac6373756d48f87f509c3c8a" +
  "9053a5636b657958206ce4aa8f55b5d63fe12f4d83c1ddc7f660cf28345098a83a89533ad0a4cbb3896261741b000001a211b324bf64617267734782" +
  "1907e86265756576616c7565d8185836a564796561721907e865746f74616c1bffffffffffffffff657368617265fb3fe0000000000000646e6f7465" +
  "f66470616972820161786373756d48bc7f4b37975c0d47a367656e74726965730163616c6c5820e385c2e96692e8f44e31c7c2e9957ad25a8f431e26" +
  "b100ea7bd4749a1af9d70a6373756d48dd0eb93de92f7be0";
