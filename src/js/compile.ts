/** From bytes, a response or a place to a compiled module; must not know what is compiled. */
import type { WasmSource } from "./slim.types.js";

/** Compiles at once, which is allowed for a module this small. */
export function compileSync(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    throw explained(error);
  }
}

/** Compiles while the bytes arrive, where that is possible. */
export async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  const given = await source;
  if (given instanceof WebAssembly.Module) return given;
  const isPlace = typeof given === "string" || given instanceof URL;
  try {
    return await compileAny(isPlace ? await fetch(given) : given);
  } catch (error) {
    throw error instanceof WebAssembly.CompileError ? explained(error) : error;
  }
}

async function compileAny(source: Response | BufferSource): Promise<WebAssembly.Module> {
  if (typeof Response !== "function" || !(source instanceof Response)) return WebAssembly.compile(source as BufferSource);
  if (!source.ok) throw new Error(`${source.url} answered ${String(source.status)}`);
  const isStreamable = source.headers.get("content-type")?.startsWith("application/wasm") ?? false;
  return isStreamable ? WebAssembly.compileStreaming(source) : WebAssembly.compile(await source.arrayBuffer());
}

/**
 * The bytes of the packing script's text. It has a character from `#` to `|` for each byte below 89, where most are, and two
 * for any other: compressed, it is as small as the bytes, where base64 is a quarter larger. ASCII survives every bundler.
 */
export function decode(text: string): Uint8Array<ArrayBuffer> {
  // In place and without a call: this runs before any optimizer has seen it, and bytes are read faster there than characters.
  const bytes = new TextEncoder().encode(text);
  let length = 0;
  for (let index = 0; index < bytes.length; index++) {
    let code = bytes[index] ?? 0;
    // The backslash is left out.
    let byte = code - (code > 92 ? 36 : 35);
    if (byte > 88) {
      code = bytes[++index] ?? 0;
      byte = (byte - 88) * 89 + code - (code > 92 ? 36 : 35);
    }
    bytes[length++] = byte;
  }
  return bytes.subarray(0, length);
}

function explained(cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const advice = `a Content-Security-Policy must allow 'wasm-unsafe-eval'; "cachier/slim" takes a compiled module`;
  const error: Error = new WebAssembly.CompileError(`cachier: ${reason}; ${advice}`);
  error.cause = cause;
  return error;
}
