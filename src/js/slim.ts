/** `cachier/slim`: the package without its engine, which `init` is given. */
import { compile } from "./compile.js";
import { start } from "./loader.js";
import type { WasmSource } from "./slim.types.js";

export * from "./exports.js";

/** See slim.types.d.ts. */
export async function init(source: WasmSource): Promise<void> {
  start(await compile(source));
}
