// What of the arguments tells calls apart.

import { alike, equal, failure, holds, tells } from "./check.mjs";

class Point {
  constructor(x, y) {
    Object.assign(this, { x, y });
  }
}

const bytes = (...list) => Uint8Array.from(list);

/** Each makes an argument that equals none of the others'. */
const makers = [
  () => 0, () => 1, () => -1, () => 1.5, () => 1e300, () => 5e-324, () => NaN, () => Infinity, () => -Infinity, () => 2 ** 53,
  () => "", () => "1", () => "é", () => "e\u0301", () => "\ud800", () => "\ud801", () => "\ufffd", () => "~", () => "\0",
  () => "x".repeat(100), () => true, () => false, () => null, () => 1n, () => 0n, () => -1n, () => 2n ** 80n,
  () => [], () => [1], () => [[1]], () => [[]], () => [1, 2], () => [2, 1], () => [null], () => [undefined], () => ["1"],
  () => ({}), () => ({ a: 1 }), () => ({ a: 2 }), () => ({ b: 1 }), () => ({ a: { a: 1 } }), () => ({ a: undefined }),
  () => new Map([[1, 2]]), () => new Map([["1", 2]]), () => new Map([[[1], 2]]),
  () => new Set(), () => new Set([1]), () => new Set([1, "1"]), () => new Set([new Set([1])]),
  () => new Date(0), () => new Date(1), () => bytes(), () => bytes(1), () => bytes(1, 0), () => Int8Array.of(1),
  () => Uint16Array.of(1), () => Float32Array.of(1), () => Float64Array.of(1), () => /a/, () => /a/g, () => new URL("http://a.b/c"),
  () => new Point(1, 2), () => new Point(2, 1), () => Object.assign(Object.create(null), { bare: 1 }), () => ({ toJSON: () => "json" }),
];

export async function argumentsOfEveryKindAreKeys({ counter }) {
  const { f } = counter();
  for (const [index, make] of makers.entries()) equal(await f(make()), index + 1, String(make));
  for (const [index, make] of makers.entries()) equal(await f(make()), index + 1, String(make));
}

export async function argumentsKeepTheirPlaces({ counter }) {
  const { f } = counter();
  const calls = [[1, [2]], [[1], 2], [[1, 2]], [1, 2], ["1", 2], ["1,2"], [undefined, 1], [null, 1], [], [1, undefined, 2], [1, null, 2], [1, 2, 3, 4, 5]];
  for (const [index, args] of calls.entries()) equal(await f(...args), index + 1, JSON.stringify(args));
  for (const [index, args] of calls.entries()) equal(await f(...structuredClone(args)), index + 1, JSON.stringify(args));
}

export async function orderMattersInListsOnly({ counter }) {
  const { f, runs } = counter();
  const pairs = [
    [{ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }],
    [new Map([[1, "x"], ["1", "y"]]), new Map([["1", "y"], [1, "x"]])],
    [new Set([1, "1", [2]]), new Set([[2], "1", 1])],
  ];
  for (const [one, other] of pairs) equal(await f(one), await f(other));
  equal(runs(), pairs.length);
}

export async function undefinedAtTheEndIsAsGoodAsAbsent({ counter }) {
  const { f, runs } = counter();
  for (const args of [[1], [1, undefined], [1, undefined, undefined]]) equal(await f(...args), 1);
  equal(await f(), 2);
  equal(await f(undefined), 2);
  equal(runs(), 2);
}

export async function zeroHasNoSignAndNothingElseIsRounded({ counter }) {
  const { f } = counter();
  equal(await f(0), 1);
  equal(await f(-0), 1);
  equal(await f([-0]), 2);
  equal(await f([0]), 2);
  equal(await f(0.1 + 0.2), 3);
  equal(await f(0.3), 4);
}

export async function anOwnKeyTakesThePlaceOfTheArguments({ define, counter }) {
  const { f } = counter({ key: (user) => user.id });
  alike([await f({ id: 1, log: () => 0 }), await f({ id: 2 }), await f({ id: 1 })], [1, 2, 1]);
  const { f: g } = define((number, first, second) => [number, first, second], { key: (first) => first });
  alike(await g(1, "kept out"), [1, 1, "kept out"]);
  alike(await g(1, "of the key"), [1, 1, "kept out"]);
}

export async function anOwnKeyMayBeAnything({ counter }) {
  const { f } = counter({ key: (...args) => (args.length === 1 ? args[0] : args) });
  alike([await f(1, 2), await f(1, 2), await f(2, 1), await f({ a: [1] }), await f({ a: [1] })], [1, 1, 2, 3, 3]);
}

export async function aScopeIsPartOfTheKey({ counter }) {
  const current = { user: "ann" };
  const { f } = counter({ scope: () => current.user });
  equal(await f(1), 1);
  current.user = "bob";
  equal(await f(1), 2);
  current.user = "ann";
  equal(await f(1), 1);
  current.user = undefined;
  equal(await f(1), 3);
  current.user = 7;
  tells((await failure(() => f(1))).message, /scope/, /string/);
}

const cycle = {};
cycle.self = cycle;

export async function whatCannotBeKeyedIsNamed({ counter }) {
  const { f, runs } = counter();
  const strange = [() => 0, Symbol("s"), new WeakMap(), cycle, Promise.resolve(), new (class Empty {})(), { deep: [() => 0] }];
  for (const argument of strange) {
    const error = await failure(() => f(1, argument));
    holds(error instanceof TypeError, `${error} is a TypeError`);
    tells(error.message, /argument 2/, /`key`/);
  }
  tells((await failure(() => f({ deep: [() => 0] }))).message, /\.deep\[0\]/);
  equal(runs(), 0);
}

export async function whatAGetterThrowsReachesTheCaller({ counter }) {
  const { f, runs } = counter();
  const trap = {
    get secret() {
      throw new RangeError("not yours");
    },
  };
  const jealous = {
    toJSON() {
      throw new RangeError("not yours");
    },
  };
  for (const argument of [trap, [trap], jealous]) equal((await failure(() => f(argument))).message, "not yours");
  equal(runs(), 0);
  equal(await f({ secret: 1 }), 1);
}

export async function anOwnKeyOrScopeThatThrowsReachesTheCaller({ counter }) {
  const broken = () => {
    throw new RangeError("broken");
  };
  for (const options of [{ key: broken }, { scope: broken }]) {
    const { f, runs } = counter(options);
    equal((await failure(() => f(1))).message, "broken");
    equal(runs(), 0);
  }
}

/** The same numbers on every run. */
function randomNumbers(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomValue(random, depth) {
  const kind = random(depth > 0 ? 9 : 6);
  const length = random(4);
  const member = () => randomValue(random, depth - 1);
  const text = () => String.fromCharCode(97 + random(4), 48 + random(10));
  switch (kind) {
    case 0: return random(1_000_000) - 500_000;
    case 1: return random(1_000_000) / 7;
    case 2: return text().repeat(length);
    case 3: return BigInt(random(1_000_000));
    case 4: return [true, false, null][random(3)];
    case 5: return new Date(random(1_000_000));
    case 6: return Array.from({ length }, member);
    case 7: return new Map(Array.from({ length }, () => [text(), member()]));
    default: return Object.fromEntries(Array.from({ length }, () => [text(), member()]));
  }
}

/** The same value with fields and entries in the opposite order. */
function turned(value) {
  if (Array.isArray(value)) return value.map(turned);
  if (value instanceof Map) return new Map([...value].reverse().map(([name, member]) => [name, turned(member)]));
  if (value instanceof Date || value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([name, member]) => [name, turned(member)]));
}

export async function tenThousandRandomCallsHaveTheirOwnKeys({ memoize }) {
  const { keyOf } = memoize(() => 0);
  const random = randomNumbers(20_300_101);
  const seen = new Set();
  for (let number = 0; number < 10_000; number++) {
    const args = [randomValue(random, 3), number];
    const key = keyOf(...args);
    equal(keyOf(...turned(args)), key, "in another order");
    holds(!seen.has(key), `a key for the second time: ${key}`);
    seen.add(key);
  }
}
