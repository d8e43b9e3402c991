// Copies of the library, as several packages bring them onto one page.

const index = import.meta.resolve("cachier");
const slim = import.meta.resolve("cachier/slim");
let copies = 0;

/** A copy that shares nothing but the registry with those there are. */
export function anotherCopy() {
  return import(`${index}?copy=${++copies}`);
}

/** The same of `cachier/slim`. */
export function anotherSlimCopy() {
  return import(`${slim}?copy=${++copies}`);
}

/** A copy that is alone, as where nothing was imported before. */
export function loneCopy() {
  const shared = Object.getOwnPropertySymbols(globalThis).filter((symbol) => Symbol.keyFor(symbol)?.startsWith("cachier."));
  for (const symbol of shared) delete globalThis[symbol];
  return anotherCopy();
}
