// The browser's stores as one module for Rust, which cargo packs and wasm-bindgen copies: it has to be there without npm.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./places.mjs";

const source = join(root, "src/core/browser/rust.ts");
const built = join(root, "src/core/browser/rust.js");

/** Writes the module. */
export async function writeStores() {
  writeFileSync(built, await bundled());
}

/** Fails where the module in the repository is not what its sources come to. */
export async function checkStores() {
  if (readFileSync(built, "utf8") !== (await bundled()))
    throw new Error("src/core/browser/rust.js is older than its sources: run `node scripts/stores.mjs` and commit what it writes");
}

async function bundled() {
  const { outputFiles } = await build({
    entryPoints: [source],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    banner: { js: "// Made of rust.ts by scripts/stores.mjs; change that, not this." },
    logLevel: "warning",
  });
  return outputFiles[0].text;
}

if (import.meta.filename === process.argv[1]) await writeStores();
