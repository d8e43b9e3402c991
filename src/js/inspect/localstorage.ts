/** localStorage seen from outside: all functions' caches among its items; must not know who asks. */
import { bytesOf } from "../../core/browser/hexadecimal.js";
import { idOf, Names, readEntry, type Item } from "../../core/browser/items.js";
import { openLocalStorage } from "../../core/browser/localstorage.js";
import type { Found } from "../../core/browser/store.js";
import { valueOf as valueOfBytes } from "../cbor.js";
import { storageOfPage } from "../home.js";
import type { CacheInfo, StoredEntry } from "../inspect.types.js";
import { valueOf as valueOfText } from "../text.js";
import { partsOf, withoutBounds, type Outside } from "./outside.js";

/** Undefined where there is no localStorage, or its use is forbidden. */
export function textOutside(): Outside | undefined {
  const storage = storageOfPage();
  if (storage === undefined) return undefined;
  return {
    caches: () => [...itemsById(storage)].map(([id, items]) => cacheOf(storage, id, items)),
    entries: (id) => entriesOf(storage, id, itemsById(storage).get(id) ?? []),
    open: (id) => openLocalStorage(storage, id, withoutBounds()),
    valueOf: valueIn,
    tellPage: (id, names) => tellPage(storage, id, names),
  };
}

/** What differs whenever something in a cache has changed, for each cache by id. */
export function marksOfCaches(storage: Storage): Map<string, string> {
  const marks = [...itemsById(storage)].map(([id, items]): [string, string] => {
    const orders = items.map((item) => readEntry(storage.getItem(item) ?? "")?.order ?? 0);
    return [id, [items.length, storage.getItem(new Names(id).own), Math.max(...orders)].join(" ")];
  });
  return new Map(marks);
}

function itemsById(storage: Storage): Map<string, string[]> {
  const byId = new Map<string, string[]>();
  for (let index = 0; index < storage.length; index++) {
    const item = storage.key(index) ?? "";
    const id = idOf(item);
    if (id === undefined) continue;
    const items = byId.get(id) ?? [];
    items.push(item);
    byId.set(id, items);
  }
  return byId;
}

function cacheOf(storage: Storage, id: string, items: readonly string[]): CacheInfo {
  const sizes = entriesOf(storage, id, items).map(({ size }) => size);
  return { core: "localstorage", id, ...partsOf(id), entries: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

function entriesOf(storage: Storage, id: string, items: readonly string[]): StoredEntry[] {
  const names = new Names(id);
  const read = items.flatMap((item): (Item & { name: string })[] => {
    const name = names.entryOf(item);
    const entry = name === undefined ? undefined : readEntry(storage.getItem(item) ?? "");
    return name === undefined || entry === undefined ? [] : [{ ...entry, name }];
  });
  read.sort((one, other) => one.order - other.order);
  return read.map(({ name, arguments: args, storedAt, size, isNone }) => ({ name, args, storedAt, size, isNone }));
}

function valueIn({ value, isBytes }: Found): unknown {
  return isBytes ? valueOfBytes(bytesOf(value as string)) : valueOfText(value as string).value;
}

/** A browser tells all tabs but the one that wrote: this one hears it as if another had. */
function tellPage(storageArea: Storage, id: string, names: readonly string[]): void {
  for (const name of names) dispatchEvent(new StorageEvent("storage", { key: new Names(id).entry(name), storageArea, url: location.href }));
}
