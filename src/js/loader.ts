/** Brings the engine to life, once, when it is first needed; must not know where its bytes come from. */
import { start as startEngine } from "./glue.js";
import { requireRoomToStart } from "./room.js";

/** Compiles these bytes, or the engine's. */
type Compile = (bytes?: Uint8Array<ArrayBuffer>) => WebAssembly.Module;

let compile: Compile | undefined;
let isRunning = false;
let isLoadable = false;
let whenStarted: (() => void) | undefined;

/** Has this done as soon as the engine runs. */
export function onStart(work: () => void): void {
  whenStarted = work;
}

/** Says how the engine is compiled when it is needed; nothing happens yet. */
export function compileWith(source: Compile): void {
  compile = source;
}

/** Starts the engine, unless it runs. */
export function load(): void {
  if (isRunning) return;
  requireRoomToStart();
  start(compiler()());
}

/** An engine without anything in it. */
const NOTHING = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);

/** Throws now what `load` would: whoever defines is to be told, and not whoever calls. */
export function requireLoadable(): void {
  if (isRunning || isLoadable) return;
  compiler()(NOTHING);
  isLoadable = true;
}

function compiler(): Compile {
  if (compile === undefined) throw new Error('"cachier/slim" memoizes once `init(source)` is done');
  return compile;
}

/** Starts the engine with this module, unless it runs. */
export function start(module: WebAssembly.Module): void {
  if (isRunning) return;
  startEngine(module);
  isRunning = true;
  whenStarted?.();
}

