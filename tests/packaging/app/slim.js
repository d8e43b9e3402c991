import { init, memoize } from "cachier/slim";
import wasm from "cachier/cachier.wasm?url";

await init(wasm);
const square = memoize((n) => ({ square: n * n }));
globalThis.outcome = { page: square(12) === square(12) ? "works" : "a sync function is not memoized" };
