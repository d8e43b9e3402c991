/** What the engine is to be told of before it is asked anything: results of sync runs, and runs under way; must not know why it may wait. */
import { isPrimitive, plainKey, type Key } from "./key.js";

/** A run of the function. Once the engine has been told of it, it has a ticket. */
export interface Run<Call> {
  readonly call: Call;
  ticket: number | undefined;
}

/** In place of a value that is being calculated. */
export const RUNNING = Symbol("running");

/** What happened since the engine was asked last; small, for there may be many. */
export class Untold<Call> {
  /** Runs under way, outermost first. */
  readonly runs: Run<Call>[] = [];
  /** One primitive argument as it is. */
  #keys: unknown[] = [];
  #storedAt: number[] = [];

  /** Whether the engine knows everything. */
  get isEmpty(): boolean {
    return this.#keys.length === 0 && this.runs.length === 0;
  }

  /** Takes note of a result, stored now. */
  store(key: Key): void {
    const { path } = key;
    this.#keys.push(path.length === 1 ? path[0] : key);
    this.#storedAt.push(Date.now());
  }

  /** Calls `tell` for each result since the last time. */
  drain(tell: (key: Key, storedAt: number) => void): void {
    const [keys, storedAt] = [this.#keys, this.#storedAt];
    this.forget();
    keys.forEach((key, index) => tell(isPrimitive(key) ? plainKey([key]) : (key as Key), storedAt[index] as number));
  }

  /** The results are gone. */
  forget(): void {
    [this.#keys, this.#storedAt] = [[], []];
  }
}
