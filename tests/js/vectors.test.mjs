// The keys of the package are those that Rust makes, byte for byte.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { memoize } from "cachier";
import { vectorArguments } from "./vectors.mjs";

const vectors = JSON.parse(readFileSync(new URL("../vectors.json", import.meta.url), "utf8"));
const ours = vectors.filter(({ sides, scope }) => sides.includes("js") && scope === undefined);

test("there are enough vectors", () => assert.ok(ours.length >= 150));

describe("the key of a vector is its bytes in hexadecimal", () => {
  const { keyOf } = memoize(() => 0);
  for (const vector of ours) test(vector.name, () => assert.equal(keyOf(...vectorArguments(vector)), vector.cbor));
});
