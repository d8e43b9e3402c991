/** What the engine lists as plain rows, with names; must not know how anything is counted or kept. */
import { after } from "../core/browser/soon.js";
import type { Cache } from "./cache.js";
import { listEntries, metrics, notation } from "./glue.js";
import type { Kept } from "./inside.js";
import type { Record } from "./record.js";
import { resultOf } from "./tasks.js";
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

interface Row {
  readonly record: Record;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly storedAt: number;
  readonly size: number;
  readonly stale: boolean;
}

/** What the engine lists entries in, by name. */
export class Listing {
  readonly rows: Row[] = [];

  list(record: Record, bytes: Uint8Array, storedAt: number, size: number, stale: boolean): void {
    // The engine's bytes are its own.
    this.rows.push({ record, bytes: bytes.slice(), storedAt, size, stale });
  }
}

function rowsOf(cache: Cache): Row[] | Promise<Row[]> {
  const listing = new Listing();
  return after(resultOf(listEntries(cache.engine, listing)), () => listing.rows);
}

/** Every entry, fresh or not. */
export function entriesOf(cache: Cache): Entry<unknown>[] | Promise<Entry<unknown>[]> {
  return after(rowsOf(cache), (rows) =>
    rows.map(({ record, bytes, ...known }) => ({ key: notation(bytes), value: record.settled, ...known })),
  );
}

/** The same, with the canonical bytes of the arguments. */
export function keptOf(cache: Cache): Kept[] | Promise<Kept[]> {
  return after(rowsOf(cache), (rows) => rows.map(({ record, bytes, storedAt }) => ({ arguments: bytes, value: record.settled, storedAt })));
}
