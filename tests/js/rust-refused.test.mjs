// What Rust in a page is refused by the compiler, in a crate of somebody else's.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { environment, root, targetDirectory, wasmTarget } from "../../scripts/places.mjs";
import { wasmEnvironment } from "../../scripts/toolchain.mjs";

const crate = join(import.meta.dirname, "refused");
const refusals = {
  attribute: /IndexedDB has to be waited for, which a sync function of a page cannot: make it an `async fn`, or use `core = localstorage`/,
  builder: /in a page a sync function cannot wait for this core: make the function async, or keep its values in localStorage/,
};

// The same versions as everywhere else, and nothing to ask a registry for.
before(() => copyFileSync(join(root, "Cargo.lock"), join(crate, "Cargo.lock")));

function built(feature) {
  const env = environment({ ...wasmEnvironment(), CARGO_TARGET_DIR: targetDirectory, CARGO_PROFILE_RELEASE_LTO: "false" });
  const args = ["build", "--release", "--target", wasmTarget, "--manifest-path", join(crate, "Cargo.toml"), "--features", feature];
  return spawnSync("cargo", args, { env, encoding: "utf8" });
}

for (const [way, refusal] of Object.entries(refusals))
  test(`a sync function on IndexedDB, by the ${way}, does not compile, and the error says what does`, () => {
    const { status, stderr } = built(way);
    assert.notEqual(status, 0);
    assert.match(stderr, refusal);
  });

test("a sync function on localStorage compiles", () => {
  const { status, stderr } = built("allowed");
  assert.equal(status, 0, stderr);
});
