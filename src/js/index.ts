/** `cachier`: the package with its engine inside, compiled when it is first needed. */
import { compileSync, decode } from "./compile.js";
import { compileWith } from "./loader.js";
import { wasmText } from "./wasm.js";

compileWith((bytes) => compileSync(bytes ?? decode(wasmText)));

export * from "./exports.js";
