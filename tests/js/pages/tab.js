// A tab that does what a test tells it: functions it memoizes, and how often they ran.

import * as library from "/pkg/index.js";

const functions = new Map();

/** Text that cannot be compressed, as stores do. */
function noise(length) {
  const characters = new Uint8Array(Math.max(length, 0));
  for (let start = 0; start < characters.length; start += 65_536) crypto.getRandomValues(characters.subarray(start, start + 65_536));
  return new TextDecoder().decode(characters.map((byte) => 32 + (byte % 90)));
}

/** Memoizes a function under a name; it gives its number in this tab after so many milliseconds, and is called by that name. */
globalThis.define = (name, { millis = 0, size = 0, tab = "", ...options }) => {
  let runs = 0;
  const give = (number) => `${tab}${number}${noise(size - 1)}`;
  const later = () => new Promise((resolve) => setTimeout(resolve, millis));
  const fn = options.isSync ? () => give(++runs) : async () => (await later(), give(++runs));
  delete options.isSync;
  functions.set(name, { f: library.memoize(fn, { name, ...options }), runs: () => runs });
};

globalThis.call = (name, ...args) => functions.get(name).f(...args);
globalThis.trace = (name, ...args) => functions.get(name).f.trace(...args);
globalThis.runs = (name) => functions.get(name).runs();
globalThis.tell = (name, method, ...args) => functions.get(name).f[method](...args);
globalThis.library = library;

const warnings = [];
const { warn } = console;
console.warn = (...words) => {
  warnings.push(words.join(" "));
  warn(...words);
};
globalThis.warnings = warnings;
