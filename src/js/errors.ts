/** Errors and warnings as the engine makes them; must not know why. */

const KINDS = [Error, TypeError, RangeError];

/** Called by the engine. */
export function errorOf(kind: number, message: string): Error {
  return new (KINDS[kind] ?? Error)(message);
}

/** Called by the engine: what something says that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Warns as the engine does. */
export function warn(name: string, text: string): void {
  console.warn(`cachier: ${name}: ${text}`);
}
