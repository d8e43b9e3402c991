/** What the engine is to be told of before it is asked anything: results of sync runs, and runs under way; must not know why it may wait. */
import { hasSamePath, nameOf, plainKey, type Key } from "./key.js";
import { isPrimitive } from "./shape.js";

/** A run of the function. Once the engine has been told of it, it has a ticket. */
export interface Run {
  readonly key: Key;
  ticket: number | undefined;
}

/** In place of a value that is being calculated: nothing is no value that lies alone in the front. */
export const RUNNING = null;

/** What happened since the engine was asked last; small, for there may be many results. */
export class Untold<Running extends Run> {
  /** Runs under way, outermost first. All but that one are to be marked in the front, where they are found however many there are. */
  readonly runs: Running[] = [];
  /** One primitive argument as it is. */
  #keys: unknown[] = [];
  #storedAt: number[] = [];

  /** Whether the engine knows everything. */
  get isEmpty(): boolean {
    return this.#keys.length === 0 && this.runs.length === 0;
  }

  /** Whether this key is that of the run that has no mark. */
  isOutermost(key: Key): boolean {
    const outermost = this.runs[0];
    return outermost !== undefined && hasSamePath(outermost.key, key);
  }

  /** Takes note of a result, stored at that moment; how many there are. */
  store(key: Key, storedAt: number): number {
    const count = this.#keys.length;
    this.#keys[count] = key.path.length === 1 ? nameOf(key) : key;
    this.#storedAt[count] = storedAt;
    return count + 1;
  }

  /** Calls `tell` for each result since the last time. */
  drain(tell: (key: Key, storedAt: number) => void): void {
    const [keys, storedAt] = [this.#keys, this.#storedAt];
    this.forget();
    for (const [index, moment] of storedAt.entries()) tell(keyOf(keys[index]), moment);
  }

  /** The results are gone. */
  forget(): void {
    [this.#keys, this.#storedAt] = [[], []];
  }
}

function keyOf(kept: unknown): Key {
  return isPrimitive(kept) ? plainKey([kept]) : (kept as Key);
}
