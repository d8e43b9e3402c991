/**
 * The public types of `cachier/inspect`, shipped as inspect.d.ts: the caches that lie in the browser's stores, seen from outside.
 *
 * @module cachier/inspect
 */

/** One function's cache in a store of the browser. */
export interface CacheInfo {
  /** The store in which it lies. */
  readonly core: "indexeddb" | "localstorage";
  /** What the store knows it by: its name, and its version if it has one. */
  readonly id: string;
  /** The name that was given to the function. */
  readonly name: string;
  /** The version that was given to the function. */
  readonly version: string | undefined;
  /** How many entries it has. A cache that was cleared is still known, and has none. */
  readonly entries: number;
  /** What they come to, as the library counts: 2 for each character in localStorage, an estimate in IndexedDB. */
  readonly bytes: number;
}

/** An entry, without its value. */
export interface StoredEntry {
  /** Names it within its cache. */
  readonly name: string;
  /** The arguments in diagnostic notation, such as `[7, "x"]`; undefined where they are not kept (`storeArgs: false`). */
  readonly args: string | undefined;
  /** When it was stored, in milliseconds since the epoch. */
  readonly storedAt: number;
  /** Its bytes, counted as in {@link CacheInfo.bytes}. */
  readonly size: number;
  /** Whether its value is `undefined` or `null`, which are served with `allowNone` only. */
  readonly isNone: boolean;
}

/** What the browser says of this origin's storage: not the library's alone. */
export interface StorageInfo {
  /** Bytes in use. */
  readonly usage: number;
  /** Bytes there may be. */
  readonly quota: number;
  /** Whether the browser promises to remove nothing when disk space is short. */
  readonly isPersistent: boolean;
}

/**
 * Every cache in the stores of this origin, sorted by id: also those of functions that this page does not define, and of other
 * versions. Those of a store that is missing, forbidden or does not open are left out; where there is no browser the list is empty.
 *
 * @example
 * ```ts browser
 * import { memoize } from "cachier";
 * import { listCaches } from "cachier/inspect";
 *
 * const square = memoize(async (n: number) => n * n, { core: "indexeddb", name: "square", version: "2" });
 * await square(12);
 * const cache = (await listCaches()).find(({ name }) => name === "square");
 * cache?.id; // "square@2"
 * cache?.entries; // 1
 * ```
 */
export declare function listCaches(): Promise<CacheInfo[]>;

/**
 * The entries of a cache, the oldest first.
 *
 * @throws Error if the store cannot be read.
 * @example
 * ```ts browser
 * import { memoize } from "cachier";
 * import { listEntries } from "cachier/inspect";
 *
 * const area = memoize((width: number, height: number) => width * height, { core: "localstorage", name: "area" });
 * area(3, 4);
 * const [oldest] = await listEntries({ core: "localstorage", id: "area" });
 * oldest?.args; // "[3, 4]"
 * ```
 */
export declare function listEntries(cache: Pick<CacheInfo, "core" | "id">): Promise<StoredEntry[]>;

/**
 * The value of an entry; undefined if there is no such entry.
 *
 * @throws Error if the store cannot be read, or what it holds is damaged.
 * @example
 * ```ts browser
 * import { memoize } from "cachier";
 * import { listEntries, readValue } from "cachier/inspect";
 *
 * const half = memoize(async (n: number) => ({ half: n / 2 }), { core: "indexeddb", name: "half" });
 * await half(6);
 * const cache = { core: "indexeddb", id: "half" } as const;
 * const [oldest] = await listEntries(cache);
 * await readValue(cache, oldest!); // { half: 3 }
 * ```
 */
export declare function readValue(cache: Pick<CacheInfo, "core" | "id">, entry: Pick<StoredEntry, "name">): Promise<unknown>;

/**
 * Removes an entry, as `remove` of the memoized function does: what is being calculated for it is not stored, and no function of
 * this page serves it any more once the promise is kept. Other tabs are told. Comes to whether there was such an entry.
 *
 * @throws Error if the store cannot be written.
 * @example
 * ```ts browser
 * import { memoize } from "cachier";
 * import { listEntries, removeEntry } from "cachier/inspect";
 *
 * const double = memoize(async (n: number) => 2 * n, { core: "indexeddb", name: "double" });
 * await double(4);
 * const cache = { core: "indexeddb", id: "double" } as const;
 * const [oldest] = await listEntries(cache);
 * await removeEntry(cache, oldest!); // true
 * await double.peek(4); // undefined
 * ```
 */
export declare function removeEntry(cache: Pick<CacheInfo, "core" | "id">, entry: Pick<StoredEntry, "name">): Promise<boolean>;

/**
 * Removes every entry of a cache, as `clearCache` of the memoized function does: nothing that is being calculated is stored, and
 * no function of this page serves what was removed once the promise is kept. Other tabs are told.
 *
 * @throws Error if the store cannot be written.
 * @example
 * ```ts browser
 * import { memoize } from "cachier";
 * import { clearCache, listCaches } from "cachier/inspect";
 *
 * const cube = memoize((n: number) => n ** 3, { core: "localstorage", name: "cube" });
 * cube(2);
 * for (const cache of await listCaches()) await clearCache(cache);
 * cube.peek(2); // undefined
 * ```
 */
export declare function clearCache(cache: Pick<CacheInfo, "core" | "id">): Promise<void>;

/**
 * Calls `listener` with a cache whenever something in it was stored, removed or cleared, by this tab or another; changes that come
 * together are told once. Returns what stops it. While somebody listens, localStorage is looked at five times a second: browsers
 * do not tell a tab what it has written there itself.
 *
 * @example
 * ```ts browser
 * import { memoize } from "cachier";
 * import { onChange } from "cachier/inspect";
 *
 * const change = new Promise<string>((resolve) => {
 *   const stop = onChange(({ id }) => {
 *     stop();
 *     resolve(id);
 *   });
 * });
 * const triple = memoize(async (n: number) => 3 * n, { core: "indexeddb", name: "triple" });
 * await triple(5);
 * await change; // "triple"
 * ```
 */
export declare function onChange(listener: (cache: Pick<CacheInfo, "core" | "id">) => void): () => void;

/**
 * How much this origin stores and may store; undefined where the browser does not tell.
 *
 * @example
 * ```ts browser
 * import { storageInfo } from "cachier/inspect";
 *
 * const info = await storageInfo();
 * if (info !== undefined) console.log(`${info.usage} of ${info.quota} bytes`);
 * ```
 */
export declare function storageInfo(): Promise<StorageInfo | undefined>;

/**
 * Asks the browser to keep what this origin stores when disk space is short. It may decide by itself or ask the user. Comes to
 * whether it promises that.
 *
 * @example
 * ```ts browser
 * import { requestPersistence } from "cachier/inspect";
 *
 * if (!(await requestPersistence())) console.log("the browser may remove what is stored");
 * ```
 */
export declare function requestPersistence(): Promise<boolean>;
