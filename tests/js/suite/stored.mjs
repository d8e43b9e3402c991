// What lies beyond the page: values as they come back, and what is said where they cannot.

import { alike, equal, holds, tells } from "./check.mjs";

/** A second definition of the same function finds what the first one stored, as one after a reload would. */
async function storedAndReadAnew({ memoize, kind, coreName }, value) {
  const options = { name: `kept ${Math.random()}`, allowNone: true };
  let runs = 0;
  const fn = () => (runs++, value);
  const again = () => memoize(kind === "async" ? async () => fn() : fn, { ...options });
  await again()(1);
  const read = await again()(1);
  return { read, runs, coreName };
}

const everyStoreKeeps = () => [0, -0, 1.5, NaN, Infinity, -Infinity, 2n ** 70n, -1n, "", "text \u0000 \ud83d\ude00", true, false, null, undefined, [], [1, [2]], {}, { a: { b: 1 }, $: 2 }, new Date(5), new Map([[{ k: 1 }, new Set([1])]]), new Set(["a"]), new Uint8Array([1, 255]), new Float64Array([0.5]), new Uint16Array([700]), new ArrayBuffer(3), new BigInt64Array([5n])];

export async function whatAStoreKeepsComesBackAsItWas(scene) {
  for (const value of everyStoreKeeps()) {
    const { read, runs } = await storedAndReadAnew(scene, value);
    equal(runs, 1, `${show(value)} was stored`);
    equal(show(read), show(value));
    holds(value === null || typeof value !== "object" || read !== value, "it is another object");
  }
}

export async function aPromiseComesBackAsAPromise({ memoize }) {
  const name = `promised ${Math.random()}`;
  const again = () => memoize(() => Promise.resolve([1]), { name });
  await again()(1);
  const read = again()(1);
  holds(read instanceof Promise, "a promise");
  alike(await read, [1]);
}

export async function whatCannotBeKeptIsReturnedAndReported({ define, console }) {
  const value = { method() {} };
  const { f, runs } = define(() => value);
  for (let call = 0; call < 3; call++) equal(await f(1), value);
  equal(runs(), 3);
  equal(console.warnings.length, 1, console.warnings.join("\n"));
  tells(console.warnings[0], /returned and not stored/);
}

export async function troubleCostsTheCallWhereThatIsAskedFor({ define }) {
  const { f } = define(() => () => 0, { onError: "fail" });
  let thrown;
  try {
    await f(1);
  } catch (error) {
    thrown = error;
  }
  tells(String(thrown), /not stored/);
}

export async function aCopyThatIsChangedChangesNothingStored({ memoize, kind }) {
  const name = `copied ${Math.random()}`;
  const again = () => memoize(kind === "async" ? async () => ({ list: [1] }) : () => ({ list: [1] }), { name });
  (await again()(1)).list.push(2);
  alike((await again()(1)).list, [1]);
}

export async function definitionsOfOneNameInAPageHearOfEachOther({ memoize, kind, clock }) {
  const name = `heard ${Math.random()}`;
  const [one, other] = [1, 2].map((result) => memoize(kind === "async" ? async () => result : () => result, { name }));
  alike([await one(1), await other(1)], [1, 1]);
  await other.clearCache();
  await clock.rest();
  alike([await other(1), await one(1)], [2, 2]);
  await one.precacheValue([1], 3);
  await clock.rest();
  alike([await other(1), await one(1)], [3, 3]);
}

export async function withoutArgumentsKeptEntriesAreListedAllTheSame({ counter }) {
  const { f } = counter({ storeArgs: false });
  await f("secret");
  const [entry] = await f.entries();
  holds(!entry.key.includes("secret"), entry.key);
  alike([await f("secret"), (await f.entries()).length], [1, 1]);
}

/** Tells apart what JSON does not. */
function show(value) {
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null || typeof value !== "object") return String(value);
  if (value instanceof Date) return `Date ${value.getTime()}`;
  if (value instanceof ArrayBuffer) return `ArrayBuffer ${[...new Uint8Array(value)]}`;
  if (Array.isArray(value)) return `[${value.map(show)}]`;
  if (value instanceof Map) return `Map ${show([...value])}`;
  if (value instanceof Set || ArrayBuffer.isView(value)) return `${value.constructor.name} ${show([...value])}`;
  return `{${Object.entries(value).map(([name, member]) => `${name}: ${show(member)}`)}}`;
}
