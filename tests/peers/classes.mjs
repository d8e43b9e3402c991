// A class with a memoized method, compiled for standard decorators or for TypeScript's older ones. Knows no library.

import { transform } from "esbuild";

/** `decorate` makes the decorator; `isOlder` says which kind it is. */
export async function counterClass(decorate, { isOlder = false } = {}) {
  const source = "class Counter { index = 0; @decorate() async counter() { return ++this.index; } }";
  const tsconfigRaw = { compilerOptions: { experimentalDecorators: isOlder } };
  const wrapped = await transform(`export const make = (decorate: any) => { ${source} return Counter; };`, { loader: "ts", target: "es2022", tsconfigRaw });
  const { make } = await import(`data:text/javascript,${encodeURIComponent(wrapped.code)}`);
  return make(decorate);
}
