// From Rust to pkg/: compile, write the glue, shrink. What the package looks like is pack.mjs's business.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { lockedVersion, root, targetDirectory, wasmTarget } from "./places.mjs";
import { capture, inherit } from "./shell.mjs";
import { wasmEnvironment } from "./toolchain.mjs";

const compiled = join(targetDirectory, wasmTarget, "web", "cachier.wasm");
const glueDirectory = join(targetDirectory, "glue");
const glueFile = join(glueDirectory, "cachier_bg.wasm");
const wasmFile = join(glueDirectory, "cachier.wasm");
const stampFile = join(glueDirectory, "stamp");

const glueOptions = ["--keep-debug", "--target", "web", "--omit-default-module-path", "--out-name", "cachier"];
// No --all-features: Node 20 and Chromium refuse what it lets wasm-opt emit.
const shrinkOptions = [
  "--dae-optimizing",
  "--flatten",
  "--rereloop",
  "--low-memory-unused",
  "--zero-filled-memory",
  "-Oz",
  "--converge",
  // A function of one caller that is more than a few instructions stays on its own: its locals keep their short, frequent numbers.
  "--one-caller-inline-max-function-size=25",
  "--gufa-optimizing",
  "-Oz",
  // Zeros compress better than the heads of segments between them.
  "--skip-pass=memory-packing",
];

/** Builds pkg/; the slow shrinking is left out while the compiled module is the same. */
export async function build() {
  await compile();
  if (!isUnchanged()) {
    await writeGlue();
    await shrink();
    writeFileSync(stampFile, stamp());
  }
  const { pack } = await import("./pack.mjs");
  await pack({ glueDirectory, wasmFile });
}

function compile() {
  const features = ["--no-default-features", "--features", "js"];
  const environment = { ...wasmEnvironment(), CARGO_ENCODED_RUSTFLAGS: [...shortPaths(), ...linkerOptions(), ...codeOptions].join("\x1f") };
  return inherit("cargo", ["build", "--profile", "web", "--target", wasmTarget, "--package", "cachier-wasm", "--lib", ...features], environment);
}

/** What a panic would name is part of the module: not where this machine keeps its sources. */
function shortPaths() {
  const sources = [
    join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry/src/"),
    join(capture("rustc", ["--print", "sysroot"], wasmEnvironment()).stdout.trim(), "lib/rustlib/src/rust/library/"),
  ];
  return sources.map((source) => `--remap-path-prefix=${source}=`);
}

const codeOptions = [
  // A little more than opt-level z inlines by itself: fewer values are passed through memory.
  "-Cllvm-args=-inline-threshold=25",
  // Counters that are made to fit processors' addressing are longer here.
  "-Cllvm-args=-disable-lsr",
  // What saves a processor a load, here are a local more, and its assignments on every way that leads to it.
  "-Cllvm-args=-enable-load-pre=false",
  "-Cllvm-args=-disable-machine-cse",
  "-Cllvm-args=-disable-licm-promotion",
  "--cfg=sha2_backend_soft=\"compact\"",
];

/** Notes tell pieces of data apart. Of memory there is no more than the glue has addresses for: see pack.mjs. */
function linkerOptions() {
  return ["-Clink-arg=--emit-relocs", `-Clink-arg=--max-memory=${2 ** 31}`];
}

function isUnchanged() {
  return existsSync(stampFile) && existsSync(wasmFile) && readFileSync(stampFile, "utf8") === stamp();
}

function stamp() {
  const recipe = [lockedVersion("wasm-bindgen"), binaryenVersion(), ...glueOptions, ...shrinkOptions].join(" ");
  return createHash("sha256").update(recipe).update(readFileSync(compiled)).digest("hex");
}

function binaryenVersion() {
  return JSON.parse(readFileSync(join(root, "node_modules/binaryen/package.json"), "utf8")).version;
}

function writeGlue() {
  rmSync(glueDirectory, { recursive: true, force: true });
  mkdirSync(glueDirectory, { recursive: true });
  return inherit("wasm-bindgen", [...glueOptions, "--out-dir", glueDirectory, compiled]);
}

async function shrink() {
  const { snipPanics } = await import("./snip.mjs");
  const { blankDeadData, dataPieces, dropLinkerNotes } = await import("./data.mjs");
  dropLinkerNotes(glueFile);
  snipPanics(glueFile);
  await inherit("wasm-opt", [...shrinkOptions, glueFile, "-o", wasmFile]);
  blankDeadData(wasmFile, dataPieces(compiled));
}

if (import.meta.filename === process.argv[1]) {
  const { buildTools, setUp } = await import("./setup.mjs");
  try {
    await setUp(buildTools);
    await build();
  } catch (failure) {
    console.error(failure.message);
    process.exitCode = 1;
  }
}
