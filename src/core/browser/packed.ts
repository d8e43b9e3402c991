/** Many small entries in one row, which is read in a small part of the time that they take one by one; must not know when it is written. */
import type { Stored } from "./store.js";

/** In place of a name; no entry has it. */
export const PACKED = "";

/** It lies among entries, and is read before the youngest of them. */
export interface PackedRow {
  readonly id: string;
  readonly name: typeof PACKED;
  readonly entry: Packed;
}

type PackedEntry = readonly [
  name: string,
  /** Undefined where the arguments are not kept. */
  keyLength: number | undefined,
  value: unknown,
  isBytes: boolean,
  storedAt: number,
  size: number,
  isNone: boolean,
];

/** Entries as they were after a change of that number. Later changes are not in it; who removes an entry removes it. */
export interface Packed {
  readonly age: number;
  /** The change's number. */
  readonly order: number;
  /** Whether there were no others. */
  readonly isAll: boolean;
  /** One behind the other: an array for each would take most of the time. */
  readonly keys: Uint8Array;
  /** The youngest first. */
  readonly entries: readonly PackedEntry[];
}

export function isPacked(row: { readonly name: string } | undefined): row is PackedRow {
  return row?.name === PACKED;
}

/** Packs entries of a function. */
export function pack(order: number, isAll: boolean, stored: readonly Stored[]): Packed {
  const keys = new Uint8Array(stored.reduce((sum, { key }) => sum + (key?.length ?? 0), 0));
  let end = 0;
  const entries = stored.map(({ name, key, value, isBytes, storedAt, size, isNone }): PackedEntry => {
    if (key !== undefined) keys.set(key, end);
    end += key?.length ?? 0;
    return [name, key?.length, value, isBytes, storedAt, size, isNone];
  });
  return { age: -Infinity, order, isAll, keys, entries };
}

/** The entries again. */
export function unpack({ keys, entries }: Packed): Stored[] {
  let end = 0;
  return entries.map(([name, length, value, isBytes, storedAt, size, isNone]) => {
    const key = length === undefined ? undefined : keys.subarray(end, (end += length));
    return { name, key, value, isBytes, storedAt, size, isNone };
  });
}
