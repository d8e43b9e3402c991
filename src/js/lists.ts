/** What the engine lists as plain rows, with names; must not know how anything is counted or kept. */
import type { Cache } from "./cache.js";
import { listEntries, metrics } from "./glue.js";
import { listing } from "./record.js";
import type { Entry, Metrics } from "./types.js";

/** In the engine's order. */
const COUNTS =
  "hits staleHits computed waited bypassed recalculations timeouts rejections storageErrors refreshes refreshFailures evictions entries bytes calculationMillis".split(
    " ",
  );

/** Null while metrics are off. */
export function metricsOf(cache: Cache): Metrics | null {
  const counts = metrics(cache.engine);
  if (counts === "") return null;
  const numbers = counts.split(" ").map(Number);
  const counted = Object.fromEntries(COUNTS.map((name, index) => [name, numbers[index]])) as unknown as Metrics;
  return { ...counted, hits: counted.hits + cache.hits };
}

/** Every entry, fresh or not. */
export function entriesOf(cache: Cache): Entry<unknown>[] {
  listEntries(cache.engine);
  return listing.splice(0);
}
