/** The stores as Rust compiled to WebAssembly asks for them, by name and one argument at a time; must not know what values mean. Bundled into rust.js. */
import { openIndexedDb } from "./indexeddb.js";
import { openLocalStorage } from "./localstorage.js";
import type { Part } from "./store.js";

export { Fresh } from "./store.js";

type Hear = (name: string | undefined) => void;

export function openDatabase(id: string, maxEntries: number, maxBytes: number, onNews: Hear): Part {
  return openIndexedDb(id, { maxEntries, maxBytes, among: "tabs", onNews });
}

/** With claims among all tabs. */
export function openShared(storage: Storage, id: string, maxEntries: number, maxBytes: number, onNews: Hear): Part {
  return openLocalStorage(storage, id, { maxEntries, maxBytes, among: "tabs", onNews });
}

/** With claims in this tab, which nobody waits for. */
export function openAlone(storage: Storage, id: string, maxEntries: number, maxBytes: number, onNews: Hear): Part {
  return openLocalStorage(storage, id, { maxEntries, maxBytes, among: "tab", onNews });
}
