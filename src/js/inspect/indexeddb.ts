/** IndexedDB seen from outside: all functions' caches in the one database; must not know who asks. */
import { listening, tellOthers } from "../../core/browser/channel.js";
import { BY_AGE, connect, ENTRIES, forget, FUNCTIONS } from "../../core/browser/connection.js";
import { openIndexedDb, type Entered } from "../../core/browser/indexeddb.js";
import type { Totals } from "../../core/browser/ledger.js";
import { trouble, type Found } from "../../core/browser/store.js";
import { Turn } from "../../core/browser/turn.js";
import { valueOf } from "../cbor.js";
import type { CacheInfo, StoredEntry } from "../inspect.types.js";
import { partsOf, withoutBounds, type Outside } from "./outside.js";

/** So many entries are read at a time: the small values come with them. */
const MANY = 256;

/** Whoever does not hear itself by then is not heard at all. */
const PATIENCE_MILLIS = 1_000;

/** Undefined where there is no IndexedDB. */
export function databaseOutside(): Outside | undefined {
  return "indexedDB" in globalThis ? { caches, entries, open, valueOf: valueIn, tellPage } : undefined;
}

function open(id: string): ReturnType<typeof openIndexedDb> {
  return openIndexedDb(id, withoutBounds());
}

async function caches(): Promise<CacheInfo[]> {
  const known = await reading((turn) => turn.readAll<Totals & { id: string }>(turn.store(FUNCTIONS), IDBKeyRange.lowerBound("")));
  return Promise.all(known.map(async (totals) => ({ core: "indexeddb", id: totals.id, ...partsOf(totals.id), ...(await counted(totals)) })));
}

/** Where nothing is bounded nobody counts what is stored. */
async function counted({ id, entries: count, bytes }: Totals & { id: string }): Promise<Pick<CacheInfo, "entries" | "bytes">> {
  if (!Number.isNaN(count)) return { entries: count, bytes };
  const listed = await entries(id);
  return { entries: listed.length, bytes: listed.reduce((sum, { size }) => sum + size, 0) };
}

function entries(id: string): Promise<StoredEntry[]> {
  return reading(async (turn) => {
    const listed: StoredEntry[] = [];
    for (let [count, age] = [MANY, -Infinity]; count === MANY; ) {
      const range = IDBKeyRange.bound([id, age], [id, []], true);
      const rows = await turn.readAll<Entered>(turn.store(ENTRIES).index(BY_AGE), range, MANY);
      listed.push(...rows.map(entryOf));
      [count, age] = [rows.length, rows.at(-1)?.entry.age ?? age];
    }
    return listed.reverse();
  });
}

function entryOf({ name, entry: { arguments: args, storedAt, size, isNone } }: Entered): StoredEntry {
  return { name, args, storedAt, size, isNone };
}

function valueIn({ value, isBytes }: Found): unknown {
  return isBytes ? valueOf(value as Uint8Array) : value;
}

/** Reads in a transaction of its own; once more if the browser has closed the connection. */
async function reading<Result>(job: (turn: Turn) => Promise<Result>): Promise<Result> {
  try {
    return await attempt(job);
  } catch {
    forget();
    return await attempt(job).catch((failure: unknown) => {
      throw trouble("IndexedDB", failure);
    });
  }
}

async function attempt<Result>(job: (turn: Turn) => Promise<Result>): Promise<Result> {
  const turn = new Turn(await connect(), "readonly");
  return turn.share("readonly", () => job(turn));
}

/** News go the same way to everybody in turn: once a word said after them is heard, they were. */
async function tellPage(): Promise<void> {
  if (typeof BroadcastChannel !== "function") return;
  const word = `heard ${String(Math.random())}`;
  let ear: BroadcastChannel | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heard = new Promise<void>((resolve) => {
    ear = listening(([place]) => {
      if (place === word) resolve();
    });
    timer = setTimeout(resolve, PATIENCE_MILLIS);
  });
  tellOthers(word, undefined);
  await heard;
  clearTimeout(timer);
  ear?.close();
}
