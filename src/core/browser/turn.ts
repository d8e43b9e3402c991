/** One transaction for what is asked in one turn of the event loop; must not know what its requests are for. */
import { settled, STORES } from "./connection.js";

/** A transaction and those who share it. */
export class Turn {
  readonly #transaction: IDBTransaction;
  readonly #mode: IDBTransactionMode;
  /** Whoever reads does not wait for it. */
  readonly #over: Promise<void> | undefined;
  /** Until the first reply, which is of a later turn, or its end. */
  #isOpen = true;
  #jobs = 0;
  /** Those who write, one after the other: what each reads before it writes stays true until then. */
  #writers: Promise<unknown> | undefined;

  constructor(database: IDBDatabase, mode: IDBTransactionMode) {
    const transaction = database.transaction(STORES, mode, { durability: "relaxed" });
    this.#transaction = transaction;
    this.#mode = mode;
    if (mode === "readonly") return;
    this.#over = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error("a transaction was given up"));
    });
    // Where a job fails, it is that failure which is told.
    this.#over.catch(() => undefined);
  }

  admits(mode: IDBTransactionMode): boolean {
    return this.#isOpen && (this.#mode === "readwrite" || mode === "readonly");
  }

  store(name: string): IDBObjectStore {
    return this.#transaction.objectStore(name);
  }

  /** What lies under a path. It rejects also where the transaction is over, and nothing can be asked of it. */
  async read<Row>(store: string, path: IDBValidKey): Promise<Row | undefined> {
    return (await this.#reply(this.store(store).get(path))) as Row | undefined;
  }

  /** What lies in a range, in the order of the store or of one of its indexes. */
  async readAll<Row>(source: IDBObjectStore | IDBIndex, range: IDBKeyRange, most?: number): Promise<Row[]> {
    return (await this.#reply(source.getAll(range, most))) as Row[];
  }

  /** Visits what lies in a range from its end on, until one is enough. */
  async visitBackwards(source: IDBIndex, range: IDBKeyRange, isEnough: (row: unknown) => boolean): Promise<void> {
    const request = source.openCursor(range, "prev");
    for (;;) {
      const cursor = (await this.#reply(request)) as IDBCursorWithValue | null;
      if (cursor === null || isEnough(cursor.value)) return;
      cursor.continue();
    }
  }

  async #reply(request: IDBRequest): Promise<unknown> {
    try {
      return (await settled(request)) as unknown;
    } finally {
      this.#isOpen = false;
    }
  }

  /** Does a job in it; the last one commits, for nothing is to come; one that fails takes all with it. */
  async share<Result>(mode: IDBTransactionMode, work: () => Promise<Result>): Promise<Result> {
    this.#jobs++;
    try {
      const done = await (mode === "readonly" ? work() : this.#write(work));
      this.#jobs--;
      // What was only read need not wait for its transaction's end.
      if (this.#mode === "readonly") return done;
      if (this.#jobs === 0) this.#commit();
      await this.#over;
      return done;
    } catch (error) {
      this.#abort();
      throw error;
    }
  }

  #write<Result>(work: () => Promise<Result>): Promise<Result> {
    const writing = this.#writers === undefined ? work() : this.#writers.then(work);
    this.#writers = writing.catch(() => undefined);
    return writing;
  }

  #commit(): void {
    this.#isOpen = false;
    if (tellsWhyItFails()) this.#transaction.commit();
  }

  #abort(): void {
    this.#isOpen = false;
    try {
      this.#transaction.abort();
    } catch {
      // It is over already.
    }
  }
}

let latest: Turn | undefined;

/** The transaction of this turn of the event loop, or a new one. */
export function enter(database: IDBDatabase, mode: IDBTransactionMode): Turn {
  if (latest?.admits(mode) === true) return latest;
  return (latest = new Turn(database, mode));
}

/**
 * Whether a transaction that was told to commit, which spares a round trip, still gives the reason why it fails. Chromium's does, and
 * Chromium says what it is; WebKit's gives none, and Firefox may keep the rest where one request exceeds the quota.
 */
function tellsWhyItFails(): boolean {
  return "userAgentData" in navigator;
}
