/** IndexedDB seen from outside: all functions' caches in the one database; must not know who asks. */
import { tellOthers, type News } from "../../core/browser/channel.js";
import { BY_ORDER, connect, ENTRIES, forget, FUNCTIONS } from "../../core/browser/connection.js";
import { openIndexedDb, type Row } from "../../core/browser/indexeddb.js";
import type { Totals } from "../../core/browser/ledger.js";
import { FORMAT, trouble, type Found } from "../../core/browser/store.js";
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

function caches(): Promise<CacheInfo[]> {
  return reading(async (turn) => {
    const known = await turn.readAll<Totals & { id: string }>(turn.store(FUNCTIONS), IDBKeyRange.lowerBound(""));
    return known.map(({ id, entries, bytes }) => ({ core: "indexeddb", id, ...partsOf(id), entries, bytes }));
  });
}

function entries(id: string): Promise<StoredEntry[]> {
  return reading(async (turn) => {
    const listed: StoredEntry[] = [];
    for (let [count, last] = [MANY, 0]; count === MANY; ) {
      const range = IDBKeyRange.bound([id, last], [id, []], true);
      const rows = await turn.readAll<Row>(turn.store(ENTRIES).index(BY_ORDER), range, MANY);
      listed.push(...rows.map(entryOf));
      [count, last] = [rows.length, rows.at(-1)?.order ?? last];
    }
    return listed;
  });
}

function entryOf({ name, arguments: args, storedAt, size, isNone }: Row): StoredEntry {
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
  const ear = new BroadcastChannel(FORMAT);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heard = new Promise<void>((resolve) => {
    ear.onmessage = ({ data: [place] }: MessageEvent<News>) => {
      if (place === word) resolve();
    };
    timer = setTimeout(resolve, PATIENCE_MILLIS);
  });
  tellOthers(word, undefined);
  await heard;
  clearTimeout(timer);
  ear.close();
}
