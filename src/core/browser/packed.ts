/** Many small entries in one row, which is read in a small part of the time that they take one by one; must not know when it is written. */
import { joined } from "./joined.js";
import type { Stored } from "./store.js";

/** In place of a name; no entry has it. */
export const PACKED = "";

/** It lies among entries, and is read before the youngest of them. */
export interface PackedRow {
  readonly id: string;
  readonly name: typeof PACKED;
  readonly entry: Packed;
}

/**
 * Entries as they were after a change of that number, the youngest first. Later changes are not in it; who removes an entry removes it.
 * What is alike of all lies together: a browser reads a few arrays in a part of the time that it takes for an array of each entry.
 */
export interface Packed {
  readonly age: number;
  /** The change's number. */
  readonly order: number;
  /** Whether there were no others. */
  readonly isAll: boolean;
  readonly names: readonly string[];
  /** One behind the other. */
  readonly keys: Uint8Array;
  /** Where each ends; one that is not kept has no bytes. */
  readonly keyEnds: Uint32Array;
  readonly values: readonly unknown[];
  readonly isBytes: Uint8Array;
  readonly storedAt: Float64Array;
  readonly sizes: Uint32Array;
  readonly isNone: Uint8Array;
}

/** An entry that was packed. Its key is wanted only to be packed again, and takes longer than all the rest. */
class Unpacked implements Stored {
  readonly isBytes: boolean;
  readonly storedAt: number;
  readonly size: number;
  readonly isNone: boolean;
  readonly #packed: Packed;
  readonly #index: number;

  constructor(
    readonly name: string,
    readonly value: unknown,
    packed: Packed,
    index: number,
  ) {
    this.isBytes = packed.isBytes[index] === 1;
    this.storedAt = packed.storedAt[index] ?? NaN;
    this.size = packed.sizes[index] ?? 0;
    this.isNone = packed.isNone[index] === 1;
    this.#packed = packed;
    this.#index = index;
  }

  get key(): Uint8Array | undefined {
    const { keys, keyEnds } = this.#packed;
    const key = keys.subarray(keyEnds[this.#index - 1] ?? 0, keyEnds[this.#index]);
    return key.length > 0 ? key : undefined;
  }
}

export function isPacked(row: { readonly name: string } | undefined): row is PackedRow {
  return row?.name === PACKED;
}

/** Packs entries of a function. */
export function pack(order: number, isAll: boolean, stored: readonly Stored[]): Packed {
  const keys = stored.map(({ key }) => key ?? new Uint8Array());
  let end = 0;
  return {
    age: -Infinity,
    order,
    isAll,
    names: stored.map(({ name }) => name),
    keys: joined(keys),
    keyEnds: Uint32Array.from(keys, ({ length }) => (end += length)),
    values: stored.map(({ value }) => value),
    isBytes: Uint8Array.from(stored, ({ isBytes }) => Number(isBytes)),
    storedAt: Float64Array.from(stored, ({ storedAt }) => storedAt),
    sizes: Uint32Array.from(stored, ({ size }) => size),
    isNone: Uint8Array.from(stored, ({ isNone }) => Number(isNone)),
  };
}

/** The entries again. */
export function unpack(packed: Packed): Stored[] {
  return packed.names.map((name, index) => new Unpacked(name, packed.values[index], packed, index));
}
