/** Errors as the engine makes them; must not know why. */

const KINDS = [Error, TypeError, RangeError];

/** Called by the engine. */
export function errorOf(kind: number, message: string): Error {
  return new (KINDS[kind] ?? Error)(message);
}
