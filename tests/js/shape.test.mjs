// What shape.ts promises: objects that are taken apart are spelled as whole ones, and each has one path.

import assert from "node:assert/strict";
import { test } from "node:test";

import { build } from "esbuild";

const contents = 'export { spellUnfolded, unfold } from "./shape.ts"; export { spell } from "./spelling.ts";';
const resolveDir = new URL("../../src/js", import.meta.url).pathname;
const { outputFiles } = await build({ stdin: { contents, resolveDir }, bundle: true, write: false, format: "esm" });
const { spell, spellUnfolded, unfold } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);

/** The path of an object, if it is taken apart. */
function pathOf(value) {
  const path = [];
  return unfold(value, path, 6) ? path : undefined;
}

const fit = [
  {}, { a: 1 }, { a: "1" }, { a: 1n }, { a: true }, { a: null }, { a: undefined }, { b: 1 }, { a: 1, b: 2 }, { b: 2, a: 1 }, { a: 2, b: 1 },
  { ab: 1 }, { a: "b" }, { "": "" }, { "{": "}" }, { a: "{1b" }, { a: NaN, b: -1.5, c: "x" }, { "\ud800": "\udc00" }, { "~": "~d800" }, { __proto__x: 1 },
  [], [1], ["1"], [[1]], [1, 2], [[1, 2]], [[1], 2], [1, [2]], [[], []], [[[]]], [{}], [{ a: 1 }], [{ a: 1 }, 2], [{ a: 1, b: 2 }], [undefined], [null],
  { a: {} }, { a: [] }, { a: [1] }, { a: { 0: 1 } }, { 0: 1 }, { a: { b: 1 } }, { a: { b: 1 }, c: 2 }, { a: { b: 1, c: 2 } }, { a: {}, b: 1 },
  { a: [], b: 1 }, { a: [{ b: 1 }], c: 2 }, { a: [{ b: 1 }, 2] }, { "": { "": [""] } }, { "{": [1] }, { a: { b: "c" } }, { a: { bc: "" } },
  { ...JSON.parse('{"__proto__":{"a":1}}') }, { a: 1, b: { c: 2, d: [3, true] } }, { a: 1, b: 2, c: 3, d: 4, e: 5 },
];

test("an object that is taken apart is spelled as it is whole", () => {
  for (const value of fit) assert.equal(spellUnfolded(pathOf(value)), spell([value]));
  assert.equal(spellUnfolded([1, ...pathOf({ a: 1, b: "c" }), ...pathOf({}), "d"]), spell([1, { a: 1, b: "c" }, {}, "d"]));
});

test("each has one path, and those that differ have different ones", () => {
  for (const value of fit) assert.deepEqual(pathOf(Array.isArray(value) ? [...value] : { ...value }), pathOf(value));
  for (const [one, other] of fit.flatMap((one) => fit.filter((other) => other !== one).map((other) => [pathOf(one), pathOf(other)])))
    assert.ok(one.length !== other.length || one.some((part, index) => !Object.is(part, other[index])));
  assert.deepEqual(pathOf(Object.assign(Object.create(null), { a: 1 })), pathOf({ a: 1 }));
  assert.deepEqual(pathOf(Object.defineProperty({ a: 1 }, "hidden", { value: 2 })), pathOf({ a: 1 }));
  assert.deepEqual(pathOf(Object.assign([1, 2], { *[Symbol.iterator]() {} })), pathOf([1, 2]));
});

const isText = (value) => value === null || typeof value === "string";

test("what is more than a few primitive values, or no plain object, is left whole", () => {
  const others = [new Date(1), new Map(), new (class Point { x = 1; })(), Object.create({ a: 1 }), null, "text", () => 1];
  others.push({ a: () => 1 }, { a: Symbol("b") }, { toJSON: () => 1 }, { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 }, [1, 2, 3, 4, 5, 6], [[1, 2, 3], [4, 5, 6]]);
  for (const value of others) for (const whole of [value, { a: value }, [value]].slice(0, isText(value) ? 1 : 3)) assert.equal(pathOf(whole), undefined);
});

test("what leads back to itself, or is deep, wide or full of nothing, is left whole", () => {
  const circle = {};
  circle.circle = circle;
  const deep = Array.from({ length: 10_000 }).reduce((inner) => [inner], []);
  for (const value of [circle, [circle], deep, Array(1_000_000).fill(1), Array.from({ length: 30 }, () => []), Array(30)]) assert.equal(pathOf(value), undefined);
  assert.deepEqual(pathOf({ a: 1 })?.slice(1), [1]);
});

test("names that never end are not kept", () => {
  for (let number = 0; number < 2_000; number++) pathOf({ [`id${number}`]: 1 });
  assert.equal(pathOf({ "one more": 1 }), undefined);
  assert.deepEqual(pathOf({ a: 1 })?.slice(1), [1]);
});
