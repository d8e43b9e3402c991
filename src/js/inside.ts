/** What a memoized function shows the other entries of the package, and nobody else; must not know what they do with it. */
import type { AnyFunction } from "./types.js";

/** An entry with the canonical bytes of its arguments, where those are kept. */
export interface Kept {
  readonly arguments: Uint8Array<ArrayBuffer> | undefined;
  readonly value: unknown;
  readonly storedAt: number;
}

/** A memoized function from inside. */
export interface Inside {
  /** Its name, and its version if it has one. */
  readonly label: string;
  /** Everything that is stored. */
  entries(): Kept[] | Promise<Kept[]>;
  /** Stores a value as of then, whatever is stored or calculated. */
  keep(args: Uint8Array, value: unknown, storedAt: number): unknown;
}

/** Shared by the package's entries, each of which may be a bundle of its own; a change of the shape takes another symbol. */
export const INSIDE = Symbol.for("cachier.inside.1");

/** From inside. Throws a TypeError for what is no memoized function. */
export function insideOf(fn: AnyFunction): Inside {
  const { [INSIDE]: inside } = fn as { [INSIDE]?: Inside };
  if (inside === undefined) throw new TypeError("give a function that memoize has made, of this version of cachier");
  return inside;
}
