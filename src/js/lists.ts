/** What the engine lists as plain rows, with names; must not know how anything is counted or kept. */
import type { Cache } from "./cache.js";
import { listEntries, metrics } from "./glue.js";
import type { Record } from "./record.js";
import { after, resultOf } from "./tasks.js";
import type { Entry, Metrics } from "./types.js";

/** In the engine's order. */
const COUNTS =
  "hits staleHits computed waited bypassed recalculations timeouts rejections storageErrors refreshes refreshFailures evictions entries bytes calculationMillis".split(
    " ",
  );

/** Null while metrics are off. */
export function metricsOf(cache: Cache): Metrics | null | Promise<Metrics | null> {
  return after(resultOf(metrics(cache.engine)) as string, (counts) => named(counts, cache.hits));
}

function named(counts: string, hits: number): Metrics | null {
  if (counts === "") return null;
  const numbers = counts.split(" ").map(Number);
  const counted = Object.fromEntries(COUNTS.map((name, index) => [name, numbers[index]])) as unknown as Metrics;
  return { ...counted, hits: counted.hits + hits };
}

/** What the engine lists entries in, by name. */
export class Listing {
  readonly entries: Entry<unknown>[] = [];

  list(record: Record, key: string, storedAt: number, size: number, stale: boolean): void {
    this.entries.push({ key, value: record.settled, storedAt, size, stale });
  }
}

/** Every entry, fresh or not. */
export function entriesOf(cache: Cache): Entry<unknown>[] | Promise<Entry<unknown>[]> {
  const listing = new Listing();
  return after(resultOf(listEntries(cache.engine, listing)), () => listing.entries);
}
