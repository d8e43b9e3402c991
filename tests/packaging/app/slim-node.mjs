import { readFile } from "node:fs/promises";
import { init, memoize } from "cachier/slim";

await init(readFile(new URL(import.meta.resolve("cachier/cachier.wasm"))));
const square = memoize((n) => ({ square: n * n }));
console.log(square(12) === square(12) ? "works" : "a sync function is not memoized");
