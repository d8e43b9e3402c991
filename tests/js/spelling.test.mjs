// What spelling.ts promises: different arguments differ, each is read once, refusals say what to do.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { transform } from "esbuild";

import { vectorArguments } from "./vectors.mjs";

const here = new URL(".", import.meta.url);
const source = readFileSync(new URL("../../src/js/spelling.ts", here), "utf8");
const { code } = await transform(source, { loader: "ts", format: "esm" });
const { spell } = await import(`data:text/javascript,${encodeURIComponent(code)}`);

test("the spellings of the vectors are those that Rust reads", () => {
  const vectors = JSON.parse(readFileSync(new URL("../vectors.json", here), "utf8"));
  const spelled = vectors.filter((vector) => "spelling" in vector);
  assert.ok(spelled.length >= 150);
  for (const vector of spelled) assert.equal(spell(vectorArguments(vector)), vector.spelling, vector.name);
});

test("what looks alike is told apart", () => {
  const alike = [
    [], [1], ["1"], [true], [[1]], [1n], [null], [undefined, 1], [[]], [{}], [""], ["u"], ["n"], [NaN], ["NaN"],
    [new Map()], [new Set()], [new Set([1])], [new Map([[1, 1]])], [{ 1: 1 }], [{ a: undefined }], [{ a: null }],
    [new Date(1)], [new Date(NaN)], [/1/], [/1/g], [new URL("a:1")], ["a:1"], [Uint8Array.of(1)], [Int8Array.of(1)],
    [new Uint8ClampedArray([1])], [new Float32Array(1)], [new Uint8Array(4)], [1, 1], [11], ["1", "1"], ["11"],
    [[1, 1]], [[1], 1], [[[1]]], [0.1], [0.2], [1e21], ["\ud800"], ["\udc00"], ["\ufffd"], ["~d800"], ["\ud83d\udc4d"],
    ["\ud83d", "\udc4d"], [{ "a1": 1 }], [{ a: 1 }, 1], [{ a: { b: 1 } }], [{ a: {}, b: 1 }], [-1], [-1n], [Infinity],
    ["x".repeat(63)], ["x".repeat(64)], [`#64:${"x".repeat(64)}`],
  ];
  assert.equal(new Set(alike.map(spell)).size, alike.length);
});

test("what is the same is spelled the same", () => {
  assert.equal(spell([0]), spell([-0]));
  assert.equal(spell([1, undefined]), spell([1]));
  assert.equal(spell([[, 1]]), spell([[undefined, 1]]));
  assert.equal(spell([Object.assign(Object.create(null), { a: 1 })]), spell([{ a: 1 }]));
  assert.equal(spell([{ a: 1, [Symbol("ignored")]: 2 }]), spell([{ a: 1 }]));
  assert.equal(spell([Object.create({ inherited: 1 }, { a: { value: 1, enumerable: true } })]), spell([{ a: 1 }]));
  assert.equal(spell([new (class Point { x = 1; })()]), spell([{ x: 1 }]));
  assert.equal(spell([{ toJSON: () => "text" }]), spell(["text"]));
  assert.equal(spell([Buffer.from([1, 2])]), spell([Uint8Array.of(1, 2)]));
  assert.equal(spell([Uint8Array.of(9, 1, 2, 9).subarray(1, 3)]), spell([Uint8Array.of(1, 2).buffer]));
});

test("every spelling survives UTF-8", () => {
  for (const text of ["\ud800", "\udc00\ud800", "~\udfff~", "\ud83d\udc4d\ud83d"]) {
    const spelling = spell([text, { [text]: [text] }]);
    assert.equal(Buffer.from(spelling, "utf8").toString("utf8"), spelling);
  }
});

test("10,000 random values that differ are spelled differently", () => {
  const seen = new Map();
  for (let seed = 1; seen.size < 10_000; seed++) {
    const value = randomValue(randomNumbers(seed), 3);
    const json = described(value);
    const spelling = spell([value]);
    if (seen.has(spelling)) assert.equal(seen.get(spelling), json);
    seen.set(spelling, json);
  }
  assert.equal(new Set(seen.values()).size, seen.size);
});

test("a property is read once, and what it throws is passed on", () => {
  let reads = 0;
  spell([{ get once() { return ++reads; } }]);
  assert.equal(reads, 1);
  const broken = new Error("broken");
  assert.throws(() => spell([{ get once() { throw broken; } }]), (thrown) => thrown === broken);
  assert.throws(() => spell([{ toJSON() { throw broken; } }]), (thrown) => thrown === broken);
});

class Secret {
  #value = 1;
  get value() { return this.#value; }
}

const cycle = { list: [] };
cycle.list.push(cycle);

for (const [what, value, says] of [
  ["a function", () => 0, /^argument 2 cannot be part of a key: a function; give the option `key`/],
  ["a function within", { on: { done() {} } }, /argument 2 .*: a function, at \.on\.done;/],
  ["a function in a list", { "a b": [1, () => 0] }, /at \["a b"\]\[1\];/],
  ["a symbol", Symbol("s"), /a symbol/],
  ["a WeakMap", new WeakMap(), /an instance of WeakMap/],
  ["a WeakSet", new WeakSet(), /WeakSet/],
  ["a WeakRef", new WeakRef({}), /WeakRef/],
  ["a promise", { later: Promise.resolve() }, /an instance of Promise, at \.later/],
  ["an error", new TypeError("e"), /an instance of TypeError/],
  ["a boxed number", new Number(1), /an instance of Number/],
  ["a boxed string", new String("s"), /an instance of String/],
  ["a boxed boolean", new Boolean(true), /an instance of Boolean/],
  ["a private field alone", new Secret(), /an instance of Secret without properties of its own/],
  ["an iterator", [1][Symbol.iterator](), /cannot be part of a key/],
  ["a host object", new AbortController().signal, /an instance of AbortSignal/],
  ["a cycle", cycle, /a cycle, or objects nested more than 200 deep, at \.list\[0\]\.list/],
  ["a key of a Map", new Map([[1, 2], [() => 0, 3]]), /a function, at \[entry 1\]/],
  ["an element of a Set", new Set([1, Symbol.iterator]), /a symbol, at \[element 1\]/],
  ["what toJSON gives", { toJSON: () => [() => 0] }, /a function, at \.toJSON\(\)\[0\]/],
]) {
  test(`${what} is refused`, () => {
    assert.throws(() => spell([1, value]), (thrown) => thrown instanceof TypeError && says.test(thrown.message));
  });
}

function randomNumbers(seed) {
  let state = seed * 2654435761;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) % below;
  };
}

function randomValue(next, depth) {
  const many = () => Array.from({ length: next(4) }, () => randomValue(next, depth - 1));
  const text = () => Array.from({ length: next(3) }, () => '1":,[]{}#~0\ud800\udc00ü'[next(15)] ?? "").join("");
  const kinds = [
    () => next(30), () => next(9) / 4, () => -next(9), () => text(), () => BigInt(next(30)), () => next(2) === 0,
    () => null, () => undefined, () => new Date(next(5)), () => Uint8Array.from({ length: next(3) }, () => next(256)),
    many, () => Object.fromEntries(many().map((value) => [text(), value])), () => new Set(many()),
    () => new Map(many().map((value) => [text(), value])),
  ];
  return kinds[next(depth > 0 ? kinds.length : 10)]();
}

/** The value in another notation that tells all its kinds apart. */
function described(value) {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (value === null || typeof value !== "object") return String(value);
  if (value instanceof Date) return `Date(${value.getTime()})`;
  const name = value.constructor.name;
  if (value instanceof Map) return `${name}(${[...value].map((entry) => entry.map(described).join("=>")).join()})`;
  if (Symbol.iterator in value) return `${name}(${[...value].map(described).join()})`;
  return `{${Object.entries(value).map((entry) => entry.map(described).join(":")).join()}}`;
}
