/**
 * The public types of `cachier/slim`, shipped as slim.d.ts; the same as `cachier`'s, and `init`.
 *
 * @module cachier/slim
 */
export * from "./types.js";

/** Where the engine comes from: a place to fetch, a response, bytes, or a compiled module. */
export type WasmSource = WasmAtHand | Promise<WasmAtHand>;

/** A source that need not be waited for. */
export type WasmAtHand = URL | string | Response | ArrayBuffer | ArrayBufferView<ArrayBuffer> | WebAssembly.Module;

/**
 * Compiles and starts the engine; to be awaited before the first `memoize`. A response with the type `application/wasm`
 * is compiled while it arrives. Only the first call counts.
 *
 * @example
 * ```ts browser
 * import { init, memoize } from "cachier/slim";
 * import wasm from "cachier/cachier.wasm?url";
 *
 * await init(wasm);
 * const double = memoize((n: number) => 2 * n);
 * ```
 */
export declare function init(source: WasmSource): Promise<void>;
