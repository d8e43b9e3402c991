// Rust examples as one program, built once and run example by example; those for browsers as a suite of tests in one.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, copyFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { root, targetDirectory, which } from "../../scripts/places.mjs";
import { execute } from "../../scripts/shell.mjs";
import { wasmEnvironment } from "../../scripts/toolchain.mjs";

const folder = join(targetDirectory, "doc-examples", "rust");
const webFolder = join(targetDirectory, "doc-examples", "web");
/** Of its own: a library that is also a cdylib lies under one name there, whatever its features, and takes itself for fresh. */
const artifacts = join(targetDirectory, "doc-examples", "target");
const dependencies = [
  `cachier = { package = "cachier-wasm", path = ${JSON.stringify(root)}, default-features = false, features = FEATURES }`,
  `serde = { version = "1", features = ["derive"] }`,
];
const native = [`tokio = { version = "1", features = ["rt-multi-thread", "time", "macros"] }`, `metrics-exporter-prometheus = { version = "0.18", default-features = false }`];
const web = [`wasm-bindgen-test = "0.3"`, `wasm-bindgen = "0.2"`];

let built;

/** Compiles all examples of the documents; each is a function of its own, under its document's hidden set-up. */
async function build(examples) {
  const here = examples.filter(({ language, place, reason }) => language === "rust" && !place && !reason);
  const names = here.map(nameOf);
  const arms = names.map((name) => `        "${name}" => ${name}::run(),`).join("\n");
  const main = `//! Made by tests/docs/rust.mjs.\n#![allow(dead_code, unused)]\nfn main() {\n    let name = std::env::args().nth(1).unwrap_or_default();
    let ending = match name.as_str() {\n${arms}\n        _ => panic!("no example is called {name}"),\n    };\n    ending.unwrap();\n}\n`;
  writeCrate(folder, { features: ["file", "macros", "metrics", "tokio", "tracing"], extra: native });
  writeFileSync(join(folder, "src", "main.rs"), [main, ...here.map((example) => module(example, runner))].join("\n"));
  await cargo(folder, ["build", "--quiet"]);
}

/** In a process of its own, with a cache directory of its own. */
export async function runRust(example, examples) {
  await (built ??= build(examples));
  const cache = mkdtempSync(join(tmpdir(), "cachier-docs-"));
  try {
    await execute(join(artifacts, "debug", "doc-examples"), [nameOf(example)], { extra: { XDG_CACHE_HOME: cache }, directory: cache, seconds: 60 });
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

let triedInBrowser;

/** In a page of headless Chromium, with all others of its kind; it fails where it is not among those that passed. */
export async function runRustInBrowser(example, examples) {
  const { output, failure } = await (triedInBrowser ??= tryInBrowser(examples));
  if (new RegExp(`^test ${nameOf(example)}::example \\.\\.\\. ok$`, "m").test(output)) return;
  throw Object.assign(failure ?? new Error("it was not run"), { output });
}

async function tryInBrowser(examples) {
  writeCrate(webFolder, { features: ["indexeddb", "localstorage", "macros"], extra: web });
  const head = "//! Made by tests/docs/rust.mjs.\n#![allow(dead_code, unused)]\nwasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);\n";
  const here = examples.filter(({ language, place }) => language === "rust" && place === "browser");
  writeFileSync(join(webFolder, "src", "lib.rs"), head + here.map((example) => module(example, webRunner)).join("\n"));
  const options = ["--headless", "--mode", "no-install", "--chrome", "--chromedriver", which("chromedriver")];
  const extra = { ...wasmEnvironment(), CARGO_TARGET_DIR: artifacts, WASM_BINDGEN_TEST_WEBDRIVER_JSON: join(root, "scripts", "webdriver.json") };
  return execute("wasm-pack", ["test", ...options, webFolder], { seconds: 600, extra }).then(
    (output) => ({ output }),
    (failure) => ({ output: failure.output ?? "", failure }),
  );
}

function nameOf({ file, line }) {
  return `${basename(file, ".md").toLowerCase().replace(/\W/g, "_")}_${line}`;
}

function writeCrate(directory, { features, extra }) {
  mkdirSync(join(directory, "src"), { recursive: true });
  const lines = [...dependencies.map((line) => line.replace("FEATURES", JSON.stringify(features))), ...extra];
  const head = '[package]\nname = "doc-examples"\nversion = "0.0.0"\nedition = "2024"\npublish = false\n\n[workspace]\n\n';
  writeFileSync(join(directory, "Cargo.toml"), `${head}[dependencies]\n${lines.join("\n")}\n`);
  // The same versions as everywhere else, and nothing to ask a registry for.
  copyFileSync(join(root, "Cargo.lock"), join(directory, "Cargo.lock"));
}

function module(example, write) {
  const given = join(import.meta.dirname, "given", `${basename(example.file)}.rs`);
  const setUp = existsSync(given) ? readFileSync(given, "utf8") : "";
  return `mod ${nameOf(example)} {\n    // ${example.file}:${example.line}\n    mod given {\n${setUp}\n    }\n    use given::*;\n${write(example)}\n}\n`;
}

function runner({ code }) {
  const isAsync = /\.await\b/.test(code.replace(/async fn[^]*?^}/gm, ""));
  const body = `${code}\n        #[allow(unreachable_code)]\n        return Ok(());`;
  if (!isAsync) return `    pub fn run() -> Result<(), Box<dyn std::error::Error>> {\n${body}\n    }`;
  return `    #[tokio::main]\n    pub async fn run() -> Result<(), Box<dyn std::error::Error>> {\n${body}\n    }`;
}

function webRunner({ code }) {
  return `    #[wasm_bindgen_test::wasm_bindgen_test]\n    async fn example() {\n        run().await.unwrap();\n    }\n
    async fn run() -> Result<(), Box<dyn std::error::Error>> {\n${code}\n        Ok(())\n    }`;
}

function cargo(directory, args) {
  return execute("cargo", args, { directory, extra: { CARGO_TARGET_DIR: artifacts }, seconds: 600 });
}
