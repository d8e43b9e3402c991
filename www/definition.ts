/** From a function and chosen options to a memoized function that can be asked everything. Must not know forms or pages. */
import { memoize, type CacheEvent, type CallOptions, type Entry, type Metrics, type Options, type Provenance, type StoredOptions } from "cachier";
import type { AnyWork } from "./functions.js";

/** A memoized function, whatever its core: what takes time in one takes none in another. */
export interface Memoized {
  trace(...args: unknown[]): MaybeLater<Provenance<unknown>>;
  with(options: CallOptions): { trace(...args: unknown[]): MaybeLater<Provenance<unknown>> };
  peek(...args: unknown[]): unknown;
  remove(...args: unknown[]): MaybeLater<boolean>;
  clearCache(): MaybeLater<void>;
  clearBeingCalculated(): MaybeLater<void>;
  precacheValue(args: unknown[], value: unknown): unknown;
  entries(): MaybeLater<Entry<unknown>[]>;
  metrics(): MaybeLater<Metrics | null>;
  keyOf(...args: unknown[]): string;
  idle(): Promise<void>;
}

type MaybeLater<Value> = Value | Promise<Value>;

/**
 * Memoizes `run`. IndexedDB takes functions that return promises, so there it is made one.
 *
 * @throws TypeError or RangeError if an option is wrong, naming it.
 */
export function defineFunction(run: AnyWork, options: Record<string, unknown>, onEvent: (event: CacheEvent) => void): Memoized {
  const given = options["onEvent"] === undefined ? options : { ...options, onEvent };
  if (given["core"] !== "indexeddb") return memoize(run, given as Options<AnyWork>);
  // eslint-disable-next-line @typescript-eslint/require-await -- What it throws at once is to reject.
  return memoize(async (...args: unknown[]) => run(...args), given as unknown as StoredOptions);
}
