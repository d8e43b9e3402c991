/** `cachier`: the package with its engine inside, compiled when it is first needed. */
import { compileSync, decode } from "./compile.js";
import { compileWith } from "./loader.js";
import { wasmBase64 } from "./wasm.js";

compileWith(() => compileSync(decode(wasmBase64)));

export * from "./exports.js";
