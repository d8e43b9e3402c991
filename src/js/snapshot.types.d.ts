/**
 * The public types of `cachier/snapshot`, shipped as snapshot.d.ts: entries as portable files.
 *
 * @module cachier/snapshot
 */
import type { AnyFunction } from "./types.js";

/** Bytes of a snapshot, or what they can be read from. */
export type SnapshotSource = Uint8Array | ArrayBuffer | Response | Blob;

/** What an import may be told. */
export interface ImportOptions {
  /** The id that stands in the snapshot, if it is another than the function's name (and version: `name@version`). */
  from?: string;
}

/** What an export may be told. */
export interface ExportOptions {
  /** The id that is to stand in the snapshot. Default: the function's name (and version: `name@version`). */
  as?: string;
}

/** What came of an import. */
export interface Imported {
  /** Entries that are stored now. */
  readonly stored: number;
  /** Entries that were left alone: what is stored is as new, or their arguments are not in the snapshot. */
  readonly skipped: number;
}

/**
 * Stores what a snapshot holds: one that {@link exportSnapshot} made, or that the `cachier` program exported from the files of a
 * Rust program. Each entry keeps the moment at which it was stored; an entry that is stored already stays if it is as new.
 * Numbers, texts, lists, structs and maps of Rust become numbers, strings, arrays and plain objects.
 *
 * @throws RangeError if the snapshot is damaged, of another version or of another function: nothing is stored then.
 * @example
 * ```ts
 * import { memoize } from "cachier";
 * import { importSnapshot, exportSnapshot } from "cachier/snapshot";
 *
 * const square = memoize((n: number) => n * n, { name: "square" });
 * square(12);
 * const bytes = await exportSnapshot(square);
 * square.clearCache();
 * await importSnapshot(square, bytes); // { stored: 1, skipped: 0 }
 * square.peek(12); // 144
 * ```
 */
export declare function importSnapshot(fn: AnyFunction, source: SnapshotSource, options?: ImportOptions): Promise<Imported>;

/**
 * Everything that a memoized function has stored, as one file. Entries whose arguments are not kept (`storeArgs: false`) are left out.
 *
 * @throws TypeError if a value has no place in a snapshot, such as a function or an instance of a class.
 * @example
 * ```ts
 * import { memoize } from "cachier";
 * import { exportSnapshot } from "cachier/snapshot";
 *
 * const square = memoize((n: number) => n * n, { name: "square" });
 * square(12);
 * const file = new Blob([await exportSnapshot(square)]);
 * ```
 */
export declare function exportSnapshot(fn: AnyFunction, options?: ExportOptions): Promise<Uint8Array<ArrayBuffer>>;
