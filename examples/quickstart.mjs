// What memoizing does, on this repository's own files: `npm start` runs it, or, once built, `node examples/quickstart.mjs`.

import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify, styleText } from "node:util";
import { brotliCompress } from "node:zlib";
import { memoize } from "cachier";

const compress = promisify(brotliCompress);

/** What a file would weigh on its way to a browser. Brotli takes its time, here at its best quality, as web servers use it. */
async function weigh(path) {
  const content = await readFile(path);
  const packed = await compress(content);
  return { bytes: content.length, packed: packed.length, sha256: createHash("sha256").update(content).digest("hex") };
}

const weighed = memoize(weigh, { staleAfter: "1h", nextTime: true, metrics: true });

const root = resolve(import.meta.dirname, "..");
const files = textFiles(root);

title(`The texts of this repository: ${files.length} files`);
const first = await timed(() => eachInTurn(files));
const total = (name) => first.value.reduce((sum, { [name]: bytes }) => sum + bytes, 0);
row("first pass", first.millis, `${files.length} files read, hashed and packed: ${kilobytes(total("bytes"))} become ${kilobytes(total("packed"))}`);
const second = await timed(() => eachInTurn(files));
const isSame = second.value.every((result, index) => result === first.value[index]);
row("second pass", second.millis, `${Math.round(first.millis / second.millis)} × faster; ${isSame ? "the very same" : "NOT THE SAME"} objects`);

title("64 callers ask for the largest file at the same moment, and nothing is stored");
const largest = files[first.value.findIndex(({ bytes }) => bytes === Math.max(...first.value.map((result) => result.bytes)))];
weighed.remove(largest);
const crowd = await timed(() => Promise.all(Array.from({ length: 64 }, () => weighed.trace(largest))));
row("all are served", crowd.millis, `${tally(crowd.value)}: one run, shared by all (${relative(root, largest)})`);

title("The value is older than allowed: it is served at once, and renewed in the background");
await sleep(60);
const impatient = weighed.with({ maxAge: "50ms" });
const stale = await timed(() => impatient.trace(largest));
row("stale", stale.millis, told(stale.value));
const refreshed = await timed(() => weighed.idle());
row("the refresh", refreshed.millis, "ran while nobody waited for it");
const fresh = await timed(() => impatient.trace(largest));
row("and again", fresh.millis, told(fresh.value));

title("Where a result comes from can be asked of every call");
const calls = {
  "as it is": weighed,
  "skipCache": weighed.with({ skipCache: true }),
  "overwriteCache": weighed.with({ overwriteCache: true }),
  "maxAge: -1": weighed.with({ maxAge: -1 }),
};
for (const [name, { trace }] of Object.entries(calls)) {
  const call = await timed(() => trace(import.meta.filename));
  row(name, call.millis, told(call.value));
}

title("What was counted");
const { hits, staleHits, computed, waited, bypassed, refreshes, entries, bytes, calculationMillis } = weighed.metrics();
row("calls", hits + staleHits + computed + waited + bypassed, `= ${hits} hits + ${staleHits} stale + ${computed} computed + ${waited} waited + ${bypassed} bypassed`, "");
row("refreshes", refreshes, "in the background", "");
row("entries", entries, `about ${kilobytes(bytes)} in memory`, "");
row("calculated", calculationMillis, "in all");
console.log();

/** Texts that people wrote; what was built or installed is left out. */
function textFiles(folder) {
  const kinds = [".md", ".rs", ".ts", ".mjs", ".js", ".json", ".toml", ".html", ".css"];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return isSkipped(entry.name) ? [] : textFiles(path);
    return entry.isFile() && kinds.includes(extname(entry.name)) ? [path] : [];
  });
}

function isSkipped(name) {
  return name.startsWith(".") || ["node_modules", "target", "pkg"].includes(name);
}

async function eachInTurn(paths) {
  const results = [];
  for (const path of paths) results.push(await weighed(path));
  return results;
}

async function timed(action) {
  const start = performance.now();
  const value = await action();
  return { value, millis: performance.now() - start };
}

function tally(traces) {
  const counts = new Map();
  for (const { outcome } of traces) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ");
}

function told({ outcome, age, value }) {
  const origin = age > 0 ? `${outcome}, ${age} ms old` : outcome;
  return `${origin.padEnd(24)} ${kilobytes(value.packed)}`;
}

function kilobytes(count) {
  return `${(count / 1_000).toFixed(1)} kB`;
}

function title(text) {
  console.log(`\n${paint("bold", text)}`);
}

function row(name, number, text, unit = "ms") {
  const figure = unit === "" ? String(number) : number.toFixed(number < 10 ? 2 : 0);
  console.log(`  ${name.padEnd(16)}${paint("cyan", `${figure.padStart(7)} ${unit.padEnd(2)}`)}   ${text}`);
}

function paint(style, text) {
  return process.stdout.isTTY && !process.env.NO_COLOR ? styleText(style, text) : text;
}
