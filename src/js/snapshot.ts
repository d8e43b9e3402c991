/**
 * `cachier/snapshot`: the entries of one memoized function as a portable file, in the format that the `cachier` program and
 * Rust's `cachier::snapshot` specify; must not know where entries live.
 */
import { joined } from "../core/browser/joined.js";
import { Reader, Writer } from "./cbor.js";
import { insideOf, type Inside, type Kept } from "./inside.js";
import type { ExportOptions, ImportOptions, Imported, SnapshotSource } from "./snapshot.types.js";
import type { AnyFunction } from "./types.js";

type Bytes = Uint8Array<ArrayBuffer>;
type Fields = Readonly<Record<string, unknown>>;

/** A map of the file, its own bytes before its sum, and that sum. */
interface Part {
  readonly fields: Fields;
  readonly sum: Bytes;
  readonly summed: Bytes;
}

interface Entry {
  readonly key: Bytes;
  readonly arguments: Bytes | undefined;
  readonly storedAt: number;
  readonly value: unknown;
}

/** The key "sum" and 8 bytes, with which every map ends. */
const SUM_LENGTH = 13;

/** See snapshot.types.d.ts. */
export async function importSnapshot(fn: AnyFunction, source: SnapshotSource, options: ImportOptions = {}): Promise<Imported> {
  const inside = insideOf(fn);
  const { id, entries } = await read(await bytesOf(source));
  const expected = options.from ?? inside.label;
  if (id !== expected) throw new RangeError(`the snapshot is of "${id}", not of "${expected}"; give { from: "${id}" } if that is meant`);
  return store(inside, entries);
}

/** See snapshot.types.d.ts. */
export async function exportSnapshot(fn: AnyFunction, options: ExportOptions = {}): Promise<Bytes> {
  const inside = insideOf(fn);
  const parts = [header(options.as ?? inside.label)];
  for (const kept of await inside.entries()) if (kept.arguments !== undefined) parts.push(await item(kept, kept.arguments));
  const sums = await Promise.all(parts.map(async (part) => (await sha256(part)).slice(0, 8)));
  parts.push(closing(parts.length - 1, await sha256(joined(sums))));
  const closed = await Promise.all(parts.map(withSum));
  return joined(closed);
}

async function bytesOf(source: SnapshotSource): Promise<Bytes> {
  if (source instanceof Uint8Array) return source as Bytes;
  if ("ok" in source && !source.ok) throw new Error(`${source.url} answered ${String(source.status)}`);
  return new Uint8Array(source instanceof ArrayBuffer ? source : await source.arrayBuffer());
}

/** Everything is checked before anything is stored. */
async function read(bytes: Bytes): Promise<{ id: string; entries: Entry[] }> {
  const parts = split(bytes);
  const [first, last] = [parts[0], parts.at(-1)];
  const { cachier, version, id } = first?.fields ?? {};
  if (cachier !== "snapshot") throw new RangeError("this is no snapshot");
  if (version !== 1) throw new RangeError(`the snapshot is of version ${String(version)}, which this version of cachier does not read`);
  const items = parts.slice(1, -1);
  if (last?.fields["entries"] !== items.length) throw damaged("it has no end");
  await Promise.all(parts.map(check));
  const all = await sha256(joined(parts.slice(0, -1).map(({ sum }) => sum)));
  if (!isSame(all, last.fields["all"])) throw damaged("entries are missing or out of order");
  return { id: id as string, entries: await Promise.all(items.map(({ fields }) => entryOf(fields))) };
}

function split(bytes: Bytes): Part[] {
  const reader = new Reader(bytes);
  const parts: Part[] = [];
  try {
    while (!reader.isAtEnd) {
      const start = reader.position;
      const fields = reader.item() as Fields;
      const summed = bytes.subarray(start, reader.position - SUM_LENGTH);
      parts.push({ fields, summed, sum: fields["sum"] as Bytes });
    }
  } catch (cause) {
    throw damaged(cause instanceof Error ? cause.message : String(cause));
  }
  return parts;
}

async function check({ summed, sum }: Part): Promise<void> {
  if (!isSame((await sha256(summed)).slice(0, 8), sum)) throw damaged("a checksum is wrong");
}

async function entryOf({ key, args, at, value }: Fields): Promise<Entry> {
  const isArguments = args === undefined || isSame(await sha256(args as Bytes), key);
  if (!isArguments) throw damaged("a key is not that of its arguments");
  return { key: key as Bytes, arguments: args as Bytes | undefined, storedAt: at as number, value };
}

async function store(inside: Inside, entries: readonly Entry[]): Promise<Imported> {
  const known = new Map((await inside.entries()).map((kept) => [String(kept.arguments), kept.storedAt]));
  const isNewer = (entry: Entry): boolean => entry.storedAt > (known.get(String(entry.arguments)) ?? -Infinity);
  const newer = entries.filter((entry): entry is Entry & { arguments: Bytes } => entry.arguments !== undefined && isNewer(entry));
  // All at once: a store that takes time takes them together.
  await Promise.all(newer.map((entry) => inside.keep(entry.arguments, entry.value, entry.storedAt)));
  return { stored: newer.length, skipped: entries.length - newer.length };
}

function header(id: string): Bytes {
  const writer = new Writer().map(5).item("cachier").item("snapshot").item("version").item(1);
  return writer.item("id").item(id).item("at").item(Date.now()).bytes;
}

async function item({ storedAt, value }: Kept, args: Bytes): Promise<Bytes> {
  const isNone = value === undefined || value === null;
  const writer = new Writer().map(isNone ? 6 : 5);
  writer.item("key").item(await sha256(args)).item("at").item(storedAt).item("args").item(args);
  if (isNone) writer.item("none").item(true);
  return writer.item("value").tag(24).item(new Writer().item(value).bytes).bytes;
}

function closing(entries: number, all: Bytes): Bytes {
  return new Writer().map(3).item("entries").item(entries).item("all").item(all).bytes;
}

async function withSum(part: Bytes): Promise<Bytes> {
  const sum = new Writer().item("sum").item((await sha256(part)).slice(0, 8));
  return joined([part, sum.bytes]);
}

async function sha256(bytes: Bytes): Promise<Bytes> {
  const { subtle } = crypto as Partial<Crypto>;
  if (subtle === undefined) throw new Error("snapshots need crypto.subtle, which browsers give to pages of https and localhost only");
  return new Uint8Array(await subtle.digest("SHA-256", bytes));
}

function isSame(one: Bytes, other: unknown): boolean {
  return other instanceof Uint8Array && one.length === other.length && one.every((byte, index) => byte === other[index]);
}

function damaged(why: string): RangeError {
  return new RangeError(`the snapshot is damaged: ${why}; nothing was stored`);
}
