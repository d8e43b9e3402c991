/** Brings the engine to life, once, when it is first needed; must not know where its bytes come from. */
import { start as startEngine } from "./glue.js";
import { join } from "./registry.js";

type Compile = () => WebAssembly.Module;

let compile: Compile | undefined;
let isRunning = false;

/** Says how the engine is compiled when it is needed; nothing happens yet. */
export function compileWith(source: Compile): void {
  compile = source;
}

/** Starts the engine, unless it runs. */
export function load(): void {
  if (isRunning) return;
  if (compile === undefined) throw new Error('"cachier/slim" memoizes once `init(source)` is done');
  start(compile());
}

/** Starts the engine with this module, unless it runs. */
export function start(module: WebAssembly.Module): void {
  if (isRunning) return;
  startEngine(module);
  isRunning = true;
  join();
}

