/** `cachier/inspect`: the caches in the browser's stores, whoever wrote them; must not know memoized functions. */
import type { CacheInfo, StoredEntry } from "./inspect.types.js";
import { databaseOutside } from "./inspect/indexeddb.js";
import { textOutside } from "./inspect/localstorage.js";
import type { CacheName, Outside } from "./inspect/outside.js";

export { onChange } from "./inspect/changes.js";
export { requestPersistence, storageInfo } from "./inspect/storage.js";

const stores = { indexeddb: databaseOutside, localstorage: textOutside };

/** See inspect.types.d.ts. */
export async function listCaches(): Promise<CacheInfo[]> {
  const lists = await Promise.all(Object.values(stores).map((store) => cachesOf(store)));
  return lists.flat().sort(({ id: one }, { id: other }) => (one < other ? -1 : Number(one > other)));
}

/** See inspect.types.d.ts. */
export async function listEntries({ core, id }: CacheName): Promise<StoredEntry[]> {
  const entries = (await outside(core)?.entries(id)) ?? [];
  return entries.sort((one, other) => one.storedAt - other.storedAt);
}

/** See inspect.types.d.ts. */
export async function readValue({ core, id }: CacheName, { name }: Pick<StoredEntry, "name">): Promise<unknown> {
  const store = outside(core);
  const found = await store?.open(id).get(name);
  return found && store?.valueOf(found);
}

/** See inspect.types.d.ts. */
export async function removeEntry({ core, id }: CacheName, { name }: Pick<StoredEntry, "name">): Promise<boolean> {
  const store = outside(core);
  if (store === undefined) return false;
  const part = store.open(id);
  const wasThere = (await part.get(name)) !== undefined;
  await part.set(name, undefined);
  await store.tellPage(id, [name]);
  return wasThere;
}

/** See inspect.types.d.ts. */
export async function clearCache({ core, id }: CacheName): Promise<void> {
  const store = outside(core);
  if (store === undefined) return;
  const part = store.open(id);
  const names = (await store.entries(id)).map(({ name }) => name);
  await part.clear();
  await store.tellPage(id, names);
}

/** A store that does not open shows nothing. */
async function cachesOf(store: () => Outside | undefined): Promise<CacheInfo[]> {
  try {
    return (await store()?.caches()) ?? [];
  } catch {
    return [];
  }
}

function outside(core: CacheName["core"]): Outside | undefined {
  if (!Object.hasOwn(stores, core)) throw new RangeError(`core: "${core}" is unknown; give "indexeddb" or "localstorage"`);
  return stores[core]();
}
