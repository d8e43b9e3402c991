/** The stores as Rust compiled to WebAssembly asks for them, by name and one argument at a time; must not know what values mean. Bundled into rust.js. */
import { connectSoon } from "./connection.js";
import { openIndexedDb } from "./indexeddb.js";
import { openLocalStorage } from "./localstorage.js";
import type { Part, PartOptions } from "./store.js";

export { Fresh } from "./store.js";

type Hear = (name: string | undefined) => void;
type Ask = (name: string) => boolean;

export function openDatabase(id: string, maxEntries: number, maxBytes: number, onNews: Hear, wasUsed: Ask): Part {
  connectSoon();
  return openIndexedDb(id, { maxEntries, maxBytes, among: "tabs", onNews, wasUsed });
}

export function openItems(
  storage: Storage,
  among: PartOptions["among"],
  id: string,
  maxEntries: number,
  maxBytes: number,
  onNews: Hear,
  wasUsed: Ask,
): Part {
  return openLocalStorage(storage, id, { maxEntries, maxBytes, among, onNews, wasUsed });
}
