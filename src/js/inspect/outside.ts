/** What is asked of a browser's store about all functions at once, and how ids read; must not know which store it is. */
import type { Soon } from "../../core/browser/soon.js";
import type { Found, Part, PartOptions } from "../../core/browser/store.js";
import type { CacheInfo, StoredEntry } from "../inspect.types.js";

/** What tells caches apart. */
export type CacheName = Pick<CacheInfo, "core" | "id">;

/** A store seen from outside. */
export interface Outside {
  caches(): Soon<CacheInfo[]>;
  /** In the order in which they were stored. */
  entries(id: string): Soon<StoredEntry[]>;
  /** One function's part of it; what changes there is told to other tabs. */
  open(id: string): Part;
  valueOf(found: Found): unknown;
  /** Has every copy of the library on this page hear that these entries have changed, before it returns or its promise is kept. */
  tellPage(id: string, names: readonly string[]): Soon<void>;
}

/** What opens a part that only looks and removes: an object of its own for each, since a part is known by it. */
export function withoutBounds(): PartOptions {
  return { maxEntries: Infinity, maxBytes: Infinity, among: "tabs" };
}

/** The name and the version of which an id is made: behind a backslash `@` and the backslash itself belong to the name. */
export function partsOf(id: string): Pick<CacheInfo, "name" | "version"> {
  const [, name = id, version] = /^((?:[^\\@]|\\.)*)@(.*)$/s.exec(id) ?? [];
  return { name: name.replace(/\\(.)/gs, "$1"), version };
}
