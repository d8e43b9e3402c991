/** The stores as Rust compiled to WebAssembly asks for them, by name and one argument at a time; must not know what values mean. Bundled into rust.js. */
import { openIndexedDb } from "./indexeddb.js";
import { openLocalStorage } from "./localstorage.js";
import type { Part } from "./store.js";

export { Fresh } from "./store.js";

type Hear = (name: string | undefined) => void;
type Ask = (name: string) => boolean;

export function openDatabase(id: string, maxEntries: number, maxBytes: number, onNews: Hear, wasUsed: Ask): Part {
  return openIndexedDb(id, { maxEntries, maxBytes, among: "tabs", onNews, wasUsed });
}

/** With claims among all tabs. */
export function openShared(storage: Storage, id: string, maxEntries: number, maxBytes: number, onNews: Hear, wasUsed: Ask): Part {
  return openLocalStorage(storage, id, { maxEntries, maxBytes, among: "tabs", onNews, wasUsed });
}

/** With claims in this tab, which nobody waits for. */
export function openAlone(storage: Storage, id: string, maxEntries: number, maxBytes: number, onNews: Hear, wasUsed: Ask): Part {
  return openLocalStorage(storage, id, { maxEntries, maxBytes, among: "tab", onNews, wasUsed });
}
