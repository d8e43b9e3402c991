// The crate as cargo packed it, in a crate of somebody else's: natively and for WebAssembly. Knows no feature.

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, targetDirectory, wasmTarget } from "../../scripts/places.mjs";
import { wasmEnvironment } from "../../scripts/toolchain.mjs";

const folder = join(targetDirectory, "packed-consumer");

/** With each of these sets of features. Needs what `cargo package` has unpacked to verify it; `run` is what runs a command. */
export async function buildWithPackedCrate(run, { native, web }) {
  writeConsumer([...native, ...web].flat());
  for (const features of native) await check(run, features);
  for (const features of web) await check(run, features, ["--target", wasmTarget], wasmEnvironment());
}

function check(run, features, more = [], environment = {}) {
  const manifest = ["--manifest-path", join(folder, "Cargo.toml")];
  // What the other tests have compiled serves here too.
  return run("cargo", ["check", ...manifest, ...more, "--features", features.join(",")], { ...environment, CARGO_TARGET_DIR: targetDirectory });
}

function writeConsumer(features) {
  mkdirSync(join(folder, "src"), { recursive: true });
  const handedOn = [...new Set(features)].map((feature) => `${feature} = ["cachier/${feature}"]`);
  const lines = [
    '[package]\nname = "packed-consumer"\nversion = "0.0.0"\nedition = "2024"\npublish = false\n\n[workspace]\n',
    `[features]\n${handedOn.join("\n")}\n`,
    `[dependencies]\ncachier = { package = "cachier-wasm", path = ${packed("cachier-wasm")}, default-features = false }\n`,
    profileOf(readFileSync(join(root, "Cargo.toml"), "utf8")),
    // As long as no registry has it.
    `[patch.crates-io]\ncachier-wasm-macros = { path = ${packed("cachier-wasm-macros")} }\n`,
  ];
  writeFileSync(join(folder, "Cargo.toml"), lines.join("\n"));
  writeFileSync(join(folder, "src", "lib.rs"), readFileSync(join(import.meta.dirname, "consumer.rs")));
  // The same versions as everywhere else, and nothing to ask a registry for.
  copyFileSync(join(root, "Cargo.lock"), join(folder, "Cargo.lock"));
}

/** Dependencies compiled otherwise would be others. */
function profileOf(manifest) {
  return manifest.match(/^\[profile\.dev\]\n[^[]*/m)[0];
}

function packed(name) {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return JSON.stringify(join(targetDirectory, "package", `${name}-${version}`));
}
