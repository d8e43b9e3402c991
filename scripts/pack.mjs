// From TypeScript, glue and wasm to pkg/: bundles, types, sizes within the budget. Compiles no Rust.

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";
import { environment, root, targetDirectory } from "./places.mjs";

const sourceDirectory = join(root, "src/js");
const packageDirectory = join(root, "pkg");
const packedWasm = join(packageDirectory, "cachier.wasm");
const glueModule = "./cachier_bg.js";
const sizesFile = join(targetDirectory, "sizes.json");

/** Entries that are loaded by who asks for them, beside the library itself. */
const besides = ["snapshot", "inspect"];

/** What the package is to come down to, in gzipped bytes, with every core in it. */
const goal = { "cachier.wasm": 32 * 1024, "slim.js": 8 * 1024, "index.js": 50 * 1024 };

/** What no build may exceed. Lower it with every saving; a commit that raises it says what for. */
const budget = { "cachier.wasm": 37 * 1024, "slim.js": 18.6 * 1024, "index.js": 56.45 * 1024 };

/** Fills pkg/ from the glue that wasm-bindgen wrote and the module that wasm-opt shrank. */
export async function pack({ glueDirectory, wasmFile }) {
  mkdirSync(packageDirectory, { recursive: true });
  const glue = shortenNames(leaveOut(readFileSync(join(glueDirectory, "cachier.js"), "utf8")), wasmFile) + start;
  const parts = { glue, wasm: `export const wasmText = "${asText(readFileSync(packedWasm))}";` };
  const plain = `export const plainTraits = ${await plainTraits(parts)};`;
  for (const entry of ["index", "slim", ...besides]) await bundle(entry, { ...parts, plain });
  writeTypes();
  report(measure());
}

const last = ["--minify-imports-and-exports-and-modules", "--strip-producers", "--strip-target-features"];

/** In place of wasm-bindgen's ways to start, which fetch, compile and warn: what the front does itself. */
const start = `
import { errorOf, messageOf } from "./errors.ts";
import { replyOf, startTimer, stopTimer, wakeTask } from "./tasks.ts";

export function start(module) {
  __wbg_finalize_init(new WebAssembly.Instance(module, __wbg_get_imports()), module);
}`;

/**
 * Leaves out a stand-in for what every supported platform has, a way that is never taken and what keeps addresses beyond 2 GiB
 * positive, where no memory ends up, and says the rest in fewer words.
 */
function leaveOut(glue) {
  return glue
    .replace(/^if \(!\('encodeInto' in [^]*?^\}\n/gm, "")
    .replace(/: function\(\) \{ return handleError\(function \((.*?)\) (\{[^]*?)\}, arguments\); \}/g, ": ($1) => handleError(() => $2})")
    .replace(/^ +if \(realloc === undefined\) [^]*?^ {4}\}\n/m, "")
    .replace("handleError(f, args)", "handleError(f)")
    .replace("f.apply(this, args)", "f()")
    .replace(/: function(\(.*?\))/g, ": $1 =>")
    .replace(/^ +(ptr = ptr >>> 0;|__proto__: null,|cached\w+ = null;|return wasm;)\n/gm, "")
    .replace(/ >>> 0| [/*] 1\b/g, "")
    .replace(/(\w+) === null \|\| \w+\.buffer\.detached === true \|\| \(.*\)\)/, "$1?.buffer !== wasm.memory.buffer)");
}

/** Gives what glue and module call each other by names of a letter or two: a fifth of the glue. Writes the module into pkg/. */
function shortenNames(glue, wasmFile) {
  const { imports, exports } = JSON.parse(wasmOpt(wasmFile, ...last, "-o", packedWasm));
  const short = new Map([...imports.map(([, long, name]) => [long, name]), ...exports.map(([long, name]) => [long, name])]);
  return glue
    .replace(`"${glueModule}"`, "a")
    .replace(/\bwasm\.(\w+)/g, (whole, long) => (short.has(long) ? `wasm.${short.get(long)}` : whole))
    .replace(/^( +)(__wb\w+):/gm, (whole, indent, long) => (short.has(long) ? `${indent}${short.get(long)}:` : whole));
}

function wasmOpt(...args) {
  return execFileSync("wasm-opt", args, { encoding: "utf8", env: environment() });
}

/**
 * Members that only modules of one bundle know, a letter each: none that users, the platform, the engine or other copies of
 * the library know as well, or that a store keeps.
 */
const ownNames =
  "about admits again among behind callWith canHold copiesHere define draft drain emptied engine entryOf fn forget found " +
  "freshIn hand handOver hasRoom head heard home inform isAsync isBounded isEmpty isLater isLost isMark isOutermost isPlain isRefresh isText lacks " +
  "ledger link lock lose missed moved movedAll noteOf noteUse onNews origin over overtake pairs parts path place placed " +
  "policy policyChanged prefix readAll records rows runs seen self served settled singles sizeOf snapshot takesTime takeUse " +
  "terms tick ticket title totals traits unlink used validFrom validUntil visitBackwards wasUsed watch";

/**
 * After esbuild a second tool, which saves a thirtieth. What it would take into other functions' scopes, there to be held with all
 * they know, it leaves where it is. Lines end where statements do, for Node shows the whole line of an error that nobody caught.
 */
async function bundle(entry, parts) {
  const { outputFiles } = await build({
    entryPoints: [join(sourceDirectory, `${entry}.ts`)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    mangleProps: new RegExp(`^(${ownNames.replaceAll(" ", "|")})$`),
    banner: { js: banner() },
    plugins: [builtParts(parts)],
    logLevel: "warning",
  });
  const compress = { passes: 3, inline: 1, reduce_funcs: false, unsafe_methods: true, hoist_funs: true, if_return: false, lhs_constants: false };
  const format = { ascii_only: true, semicolons: false, comments: /^!/ };
  const { code } = await minify(outputFiles[0].text, { module: true, ecma: 2022, compress, format });
  writeFileSync(join(packageDirectory, `${entry}.js`), exportsFirst(code));
}

/** Behind the module's text, which is longer than a compressor looks back, they would find nothing that they resemble. */
function exportsFirst(code) {
  return code.replace(/^(\/\*.*?\*\/\n)([^]*\n)(export\{[^}]*\})\s*$/, "$1$3\n$2");
}

function banner() {
  const { name, version, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return `/*! ${name} ${version} | ${license} */`;
}

/** What the engine asks of the front for a definition without options. The engine itself says so, once, for all who then need none. */
async function plainTraits(parts) {
  const stdin = { contents: 'export { define, start, traits } from "./glue.js"', resolveDir: sourceDirectory };
  const { outputFiles } = await build({ stdin, bundle: true, write: false, format: "esm", plugins: [builtParts(parts)] });
  const { define, start, traits } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
  start(new WebAssembly.Module(readFileSync(packedWasm)));
  return traits(define("", undefined), { judged() {} });
}

/** The modules that exist only as types in the sources. */
function builtParts(parts) {
  return {
    name: "built-parts",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\/(glue|plain|wasm)\.js$/ }, ({ path }) => ({ path, namespace: "built", sideEffects: false }));
      onLoad({ filter: /.*/, namespace: "built" }, ({ path }) => ({ contents: parts[path.slice(2, -3)], resolveDir: sourceDirectory }));
    },
  };
}

/** The bytes as text that compresses as they do; compile.ts reads it. */
function asText(bytes) {
  const digits = Array.from(bytes, (byte) => (byte < 89 ? [byte] : [88 + Math.floor(byte / 89), byte % 89]));
  return Buffer.from(digits.flat().map((digit) => digit + (digit < 57 ? 35 : 36))).toString();
}

function writeTypes() {
  copyFileSync(join(sourceDirectory, "types.d.ts"), join(packageDirectory, "index.d.ts"));
  for (const entry of ["slim", ...besides]) {
    const types = readFileSync(join(sourceDirectory, `${entry}.types.d.ts`), "utf8");
    writeFileSync(join(packageDirectory, `${entry}.d.ts`), types.replaceAll("./types.js", "./index.js"));
  }
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
  return `  ${name.padEnd(13)} ${raw} bytes, ${gzip} gzipped of at most ${budget[name]}${toGo(name, gzip)}${change}`;
}

function toGo(name, gzip) {
  return gzip > goal[name] ? `, ${gzip - goal[name]} above the goal of ${goal[name]}` : "";
}

function signed(difference) {
  return difference < 0 ? String(difference) : `+${difference}`;
}
