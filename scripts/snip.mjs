// Takes out of a WebAssembly module what only a panic runs: it traps at once instead, as it would in the end.

import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "binaryen";

/** Nobody would read a panic's message: there is no standard error on a page. */
const panicking = /\bpanic|::fmt\b|slice_index_fail|unwrap_failed|expect_failed|::handle_(alloc_)?error$/;

/** What formats outside of panics, and would trap. */
const formatting = /ToString>|::fmt::format\b/;

/** Rewrites the module in place; it must still have the names of its functions. */
export function snipPanics(file) {
  const module = binaryen.readBinary(readFileSync(file));
  for (const [reference, name] of functionsOf(module)) {
    if (formatting.test(name)) throw new Error(`${name} is part of the module: concatenate texts instead`);
    if (panicking.test(name)) new binaryen.Function(reference).body = module.unreachable();
  }
  writeFileSync(file, module.emitBinary());
  module.dispose();
}

/** The functions with a body, and their names without the hashes of crates. */
function functionsOf(module) {
  const references = Array.from({ length: module.getNumFunctions() }, (_, index) => module.getFunctionByIndex(index));
  const named = references.map((reference) => [reference, binaryen.getFunctionInfo(reference)]);
  return named.filter(([, { base }]) => !base).map(([reference, { name }]) => [reference, name.replace(/\[[0-9a-f]{16}\]/g, "")]);
}
