/** What the engine is to be told of before it is asked anything: results of sync runs, and runs under way; must not know why it may wait. */
import { hasSamePath, isPrimitive, nameOf, plainKey, type Key } from "./key.js";

/** A run of the function. Once the engine has been told of it, it has a ticket. */
export interface Run {
  readonly key: Key;
  ticket: number | undefined;
}

/** In place of a value that is being calculated. */
export const RUNNING = Symbol("running");

/** What happened since the engine was asked last; small, for there may be many results. */
export class Untold<Running extends Run> {
  /** Runs under way, outermost first. All but that one are to be marked in the front, where they are found however many there are. */
  readonly runs: Running[] = [];
  /** One primitive argument as it is. */
  #keys: unknown[] = [];
  /** When the results were stored that are behind so many others. */
  #moments: (readonly [others: number, moment: number])[] = [];
  #now = NaN;

  /** Whether the engine knows everything. */
  get isEmpty(): boolean {
    return this.#keys.length === 0 && this.runs.length === 0;
  }

  /** Whether this key is that of the run that has no mark. */
  isOutermost(key: Key): boolean {
    const outermost = this.runs[0];
    return outermost !== undefined && hasSamePath(outermost.key, key);
  }

  /** Takes note of a result, stored now. */
  store(key: Key): void {
    const now = Date.now();
    if (now !== this.#now) this.#moments.push([this.#keys.length, (this.#now = now)]);
    this.#keys.push(key.path.length === 1 ? nameOf(key) : key);
  }

  /** Calls `tell` for each result since the last time. */
  drain(tell: (key: Key, storedAt: number) => void): void {
    const [keys, moments] = [this.#keys, this.#moments];
    this.forget();
    for (const [index, [start, moment]] of moments.entries())
      for (const key of keys.slice(start, moments[index + 1]?.[0])) tell(isPrimitive(key) ? plainKey([key]) : (key as Key), moment);
  }

  /** The results are gone. */
  forget(): void {
    [this.#keys, this.#moments, this.#now] = [[], [], NaN];
  }
}
