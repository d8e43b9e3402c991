// What `npm test` consists of: one table, fast parts first. How parts are run and reported is test.mjs's business.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { testInBrowsers } from "./browsers.mjs";
import { root, targetDirectory, wasmTarget, which } from "./places.mjs";
import { buildTools } from "./setup.mjs";
import { capture } from "./shell.mjs";
import { wasmEnvironment } from "./toolchain.mjs";

export const deep = process.env.CACHIER_DEEP === "1";

const rust = ["Rust", "C compiler"];
const wasm = [...rust, "WebAssembly target"];
const browserTools = ["browsers", "geckodriver"];

/**
 * `run(command, args, environment)` fails the part if the command fails; what stands after the part's name on
 * the command line narrows the part; a `remark` it returns stands in the summary. `tools` are steps of the set-up,
 * `shows` is what of the output is worth reading when all is well. Parts that make or read pkg/ say so: one may not build what
 * another reads.
 */
export const parts = [
  { name: "format", tools: [...rust, "rustfmt and clippy"], run: checkFormat },
  { name: "deny", tools: [...rust, "cargo-deny"], run: checkDependencies },
  { name: "vectors", tools: ["python3-cbor2"], run: checkVectors },
  { name: "lint", tools: [...wasm, "rustfmt and clippy"], run: lint },
  { name: "docs", usesPackage: true, tools: [...buildTools, ...browserTools], run: testDocs },
  { name: "msrv", tools: rust, run: checkOldestRust },
  { name: "native", tools: rust, run: testNative },
  { name: "model", tools: rust, run: checkModel },
  {
    name: "browser",
    tools: [...wasm, "wasm-bindgen-cli", "wasm-pack", ...browserTools],
    run: testInBrowsers,
  },
  {
    name: "js",
    usesPackage: true,
    tools: [...buildTools, ...browserTools],
    run: testJavaScript,
    shows: /^.*gzipped of.*$/gm,
  },
  { name: "engines", usesPackage: true, tools: [...buildTools, ...browserTools], run: testEngines },
  {
    name: "packaging",
    usesPackage: true,
    tools: [...buildTools, ...browserTools],
    run: testPackaging,
    shows: /^  \S.* works .*$/gm,
  },
  { name: "publish", usesPackage: true, tools: buildTools, run: rehearsePublishing },
  { name: "sanitizer", tools: rust, deepOnly: true, run: testUnderSanitizer },
  { name: "fuzz", tools: [...rust, "cargo-fuzz"], deepOnly: true, run: fuzz },
];

async function checkFormat(run) {
  await run("cargo", ["fmt", "--all", "--check"]);
  await run("cargo", ["fmt", "--check", "--manifest-path", "examples/in_a_page/Cargo.toml"]);
  await run("cargo", ["fmt", "--check", "--manifest-path", "tests/js/refused/Cargo.toml"]);
  await run("cargo", ["fmt", "--check", "--manifest-path", "tests/model/Cargo.toml"]);
}

async function checkDependencies(run) {
  await run("cargo", ["deny", "--config", "scripts/deny.toml", "check", "bans", "licenses", "sources"]);
  for (const target of [[], ["--target", wasmTarget]]) {
    const twice = await run("cargo", ["tree", "--duplicates", "--edges", "normal", "--depth", "0", ...target]);
    if (/^\S+ v\d/m.test(twice)) throw new Error("a dependency comes in two versions, see above");
  }
}

function checkVectors(run) {
  return run("/usr/bin/python3", ["tests/check_vectors.py"]);
}

/** The library on every feature set; its tests, which are many, where nothing and where everything is on. */
async function lint(run) {
  const clippy = (words, extra = {}) => run("cargo", ["clippy", "--workspace", ...words, "--", "-D", "warnings"], extra);
  for (const features of setsOf(nativeFeatures())) await clippy([...targetsOf(features, nativeFeatures()), ...withOnly(features)]);
  for (const features of setsOf(webFeatures))
    await clippy([...targetsOf(features, webFeatures), "--target", wasmTarget, ...withOnly(features)], wasmEnvironment());
}

function targetsOf(features, all) {
  return features.length === 0 || features.length === all.length ? ["--all-targets"] : ["--lib", "--bins", "--examples"];
}

/** What exists only on wasm32. */
const webFeatures = ["js", "indexeddb", "localstorage"];

/** None, each alone, all together. */
function setsOf(features) {
  return [[], ...features.map((feature) => [feature]), features];
}

function withOnly(features) {
  return ["--no-default-features", ...(features.length > 0 ? ["--features", features.join(",")] : [])];
}

function crate() {
  const metadata = JSON.parse(capture("cargo", ["metadata", "--no-deps", "--format-version", "1"]).stdout);
  return metadata.packages.find((candidate) => candidate.name === "cachier-wasm");
}

function nativeFeatures() {
  return Object.keys(crate().features).filter((feature) => !["default", ...webFeatures].includes(feature));
}

function allNativeFeatures() {
  return ["--features", nativeFeatures().join(",")];
}

/** Both reference manuals without a warning, and every example that people read. */
async function testDocs(run, filters) {
  await run("cargo", ["doc", "--workspace", "--no-deps", ...allNativeFeatures()], { RUSTDOCFLAGS: "-D warnings" });
  await run("npm", ["run", "docs"]);
  await run("node", ["scripts/build.mjs"]);
  await run("node", ["--test", ...filters.flatMap((filter) => ["--test-name-pattern", filter]), "tests/docs/examples.test.mjs"]);
}

/** The crate with the oldest compiler it promises, where that is installed: it is not worth a download. */
async function checkOldestRust(run) {
  const oldest = crate().rust_version;
  const installed = await run("rustup", ["toolchain", "list"]);
  if (!new RegExp(`^${oldest.replaceAll(".", "\\.")}[.-]`, "m").test(installed)) return { remark: `Rust ${oldest} is not installed, so not tried` };
  await run("cargo", [`+${oldest}`, "check", "--package", "cachier-wasm", ...allNativeFeatures()], { CARGO_TARGET_DIR: join(targetDirectory, "msrv") });
}

async function testNative(run, filters) {
  const suite = which("cargo-nextest") ? ["nextest", "run", "--no-fail-fast", "--no-tests", "pass"] : ["test", "--all-targets", "--no-fail-fast"];
  await run("cargo", [...suite, "--workspace", ...allNativeFeatures(), ...filters]);
  await run("cargo", ["test", "--doc", "--workspace", ...allNativeFeatures(), ...filters]);
  // With less of it, generic code is shared with dependencies, which are compiled without.
  const optimized = ["opt-level=2", "debug-assertions=false"].flatMap((setting) => ["--config", `profile.dev.package.cachier-wasm.${setting}`]);
  if (filters.length === 0) await run("cargo", ["test", "--test", "counts", ...allNativeFeatures(), ...optimized, "--", "--ignored"]);
}

function checkModel(run, filters) {
  return run("cargo", ["test", "--release", "--manifest-path", "tests/model/Cargo.toml", ...filters], {
    RUSTFLAGS: `${process.env.RUSTFLAGS ?? ""} --cfg shuttle`.trim(),
    CARGO_TARGET_DIR: join(targetDirectory, "model"),
  });
}

const javaScriptTests = /\.test\.mjs$/;

async function testJavaScript(run, filters) {
  // It needs esbuild, which the set-up may only now have installed.
  const { checkStores } = await import("./stores.mjs");
  await checkStores();
  await run("node", ["scripts/build.mjs"]);
  await run("npm", ["run", "check:types"]);
  await run("npm", ["run", "check:lint"]);
  await run("node", ["--test", ...[...filesIn("tests/js", javaScriptTests), ...filesIn("tests/peers", javaScriptTests)].filter(matching(filters))]);
}

/** The same laws, and tabs, in Firefox and WebKit. */
async function testEngines(run, filters) {
  await run("node", ["scripts/build.mjs"]);
  await run("node", ["--test", ...filesIn("tests/js/engines", javaScriptTests).filter(matching(filters))]);
}

function matching(filters) {
  return (name) => filters.length === 0 || filters.some((filter) => name.includes(filter));
}

async function testPackaging(run) {
  await run("node", ["scripts/build.mjs"]);
  await run("node", ["tests/packaging/run.mjs"]);
}

async function rehearsePublishing(run) {
  await run("node", ["scripts/build.mjs"]);
  await run("npm", ["run", "check:package"]);
  await run("npm", ["pack", "--dry-run"]);
  await run("cargo", ["publish", "--dry-run", "--allow-dirty", "--workspace"]).catch((failure) => {
    if (!isNetworkTrouble(failure.output)) throw failure;
    // All of the rehearsal that needs no registry.
    return run("cargo", ["--offline", "package", "--allow-dirty", "--workspace"]);
  });
  const { buildWithPackedCrate } = await import("../tests/packaging/crate.mjs");
  const web = ["macros", ...webFeatures.filter((feature) => feature !== "js")];
  await buildWithPackedCrate(run, { native: setsOf(nativeFeatures()), web: setsOf(web) });
}

function isNetworkTrouble(output) {
  return /HTTP request|spurious network|could not resolve host|failed to query|failed to connect|timed out/i.test(output);
}

/** AddressSanitizer over what maps memory and what many processes share; it asks for a nightly compiler. */
function testUnderSanitizer(run) {
  const tests = ["store", "file_crash", "file_damage", "processes", "threads"].flatMap((name) => ["--test", name]);
  return run("cargo", ["+nightly", "test", "--target", hostTarget(), ...tests], {
    RUSTFLAGS: `${process.env.RUSTFLAGS ?? ""} -Zsanitizer=address`.trim(),
    CARGO_TARGET_DIR: join(targetDirectory, "sanitizer"),
    CACHIER_DEEP: "0",
  });
}

/** With a target named, build scripts and macros are spared the sanitizer. */
function hostTarget() {
  return capture("rustc", ["--version", "--verbose"]).stdout.match(/^host: (.*)$/m)[1];
}

async function fuzz(run) {
  for (const name of filesIn("tests/fuzz/fuzz_targets", /\.rs$/)) {
    const target = name.split("/").at(-1).replace(/\.rs$/, "");
    await run("cargo", ["+nightly", "fuzz", "run", "--fuzz-dir", "tests/fuzz", target, "--", "-max_total_time=300"]);
  }
}

function filesIn(folder, pattern) {
  return readdirSync(join(root, folder)).filter((name) => pattern.test(name)).map((name) => join(folder, name));
}
