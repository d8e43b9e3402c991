/** What the engine lists as plain rows, with names; must not know how anything is counted or kept. */
import type { Cache } from "./cache.js";
import type { Record } from "./record.js";
import type { Entry, Metrics } from "./types.js";

/** In the engine's order. */
const COUNTS =
  "hits staleHits computed waited bypassed recalculations timeouts rejections storageErrors refreshes refreshFailures evictions entries bytes calculationMillis".split(
    " ",
  );

type Row = [key: string, record: Record, storedAt: number, size: number, stale: boolean];
const ROW_LENGTH = 5;

/** Null while metrics are off. */
export function metricsOf(cache: Cache): Metrics | null {
  const counts = cache.engine.metrics();
  if (counts.length === 0) return null;
  const counted = Object.fromEntries(COUNTS.map((name, index) => [name, counts[index]])) as unknown as Metrics;
  return { ...counted, hits: counted.hits + cache.hits };
}

/** Every entry, fresh or not. */
export function entriesOf(cache: Cache): Entry<unknown>[] {
  const cells = cache.engine.entries();
  return Array.from({ length: cells.length / ROW_LENGTH }, (_, index) => {
    const [key, record, storedAt, size, stale] = cells.slice(index * ROW_LENGTH) as Row;
    return { key, value: record.settled, storedAt, size, stale };
  });
}
