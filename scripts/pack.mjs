// From TypeScript, glue and wasm to pkg/: bundles, types, sizes within the budget. Compiles no Rust.

import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root, targetDirectory } from "./places.mjs";

const sourceDirectory = join(root, "src/js");
const packageDirectory = join(root, "pkg");
const sizesFile = join(targetDirectory, "sizes.json");

/** Gzipped bytes; the cores to come need what is left. */
const budget = { "cachier.wasm": 32 * 1024, "slim.js": 8 * 1024, "index.js": 50 * 1024 };

/** Fills pkg/ from the glue that wasm-bindgen wrote and the module that wasm-opt shrank. */
export async function pack({ glueDirectory, wasmFile }) {
  mkdirSync(packageDirectory, { recursive: true });
  const wasm = readFileSync(wasmFile);
  await bundle("index", glueDirectory, wasm);
  await bundle("slim", glueDirectory, wasm);
  copyFileSync(wasmFile, join(packageDirectory, "cachier.wasm"));
  writeTypes();
  report(measure());
}

function bundle(entry, glueDirectory, wasm) {
  return build({
    entryPoints: [join(sourceDirectory, `${entry}.ts`)],
    outfile: join(packageDirectory, `${entry}.js`),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    banner: { js: banner() },
    plugins: [builtParts(glueDirectory, wasm)],
    logLevel: "warning",
  });
}

function banner() {
  const { name, version, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return `/*! ${name} ${version} | ${license} */`;
}

/** The two modules that exist only as types in the sources. */
function builtParts(glueDirectory, wasm) {
  const contents = `export const wasmBase64 = "${wasm.toString("base64")}";`;
  return {
    name: "built-parts",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\/glue\.js$/ }, () => ({ path: join(glueDirectory, "cachier.js"), sideEffects: false }));
      onResolve({ filter: /^\.\/wasm\.js$/ }, ({ path }) => ({ path, namespace: "wasm" }));
      onLoad({ filter: /.*/, namespace: "wasm" }, () => ({ contents }));
    },
  };
}

function writeTypes() {
  copyFileSync(join(sourceDirectory, "types.d.ts"), join(packageDirectory, "index.d.ts"));
  const slim = readFileSync(join(sourceDirectory, "slim.types.d.ts"), "utf8");
  writeFileSync(join(packageDirectory, "slim.d.ts"), slim.replaceAll("./types.js", "./index.js"));
}

function measure() {
  return Object.fromEntries(Object.keys(budget).map((name) => [name, sizeOf(readFileSync(join(packageDirectory, name)))]));
}

function sizeOf(bytes) {
  return { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}

function report(sizes) {
  const before = existsSync(sizesFile) ? JSON.parse(readFileSync(sizesFile, "utf8")) : {};
  for (const name of Object.keys(sizes)) console.log(line(name, sizes[name], before[name]));
  writeFileSync(sizesFile, JSON.stringify(sizes, null, 2));
  const tooLarge = Object.keys(sizes).filter((name) => sizes[name].gzip > budget[name]);
  if (tooLarge.length > 0) throw new Error(`over the budget, gzipped: ${tooLarge.join(", ")}`);
}

function line(name, { raw, gzip }, before) {
  const change = before === undefined ? "" : `, ${signed(gzip - before.gzip)} since the last build`;
  return `  ${name.padEnd(13)} ${raw} bytes, ${gzip} gzipped of ${budget[name]}${change}`;
}

function signed(difference) {
  return difference < 0 ? String(difference) : `+${difference}`;
}
