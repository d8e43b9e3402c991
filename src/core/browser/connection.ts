/** The one connection of a tab to the one database: opened once a function is kept in it, given up when the browser asks; must not know what is in it. */
import { FORMAT } from "./store.js";

/** Entries, small values with them; values too large to be read with all the others. */
export const ENTRIES = "entries";
export const LARGE = "large";
/** What is kept of functions. */
export const FUNCTIONS = "functions";
export const STORES = [ENTRIES, LARGE, FUNCTIONS];

/** Entries, the youngest first. */
export const BY_AGE = "byAge";

/** Another tab may keep the database from being opened, but no caller waits longer for it. */
const PATIENCE_MILLIS = 3_000;

let connection: Promise<IDBDatabase> | undefined;

/** The database, open. */
export function connect(): Promise<IDBDatabase> {
  return (connection ??= open());
}

/** Opens the database while others have something to do. Whoever asks is told of any trouble. */
export function connectSoon(): void {
  connect().catch(() => undefined);
}

/** Opens the database anew at the next use. */
export function forget(): void {
  connection = undefined;
}

/** What a request comes to. */
export function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("a request failed"));
  });
}

/** Whatever stands in the way now may be gone later; while another tab blocks the database, that is known at once. */
async function open(): Promise<IDBDatabase> {
  const { indexedDB: factory } = globalThis as { indexedDB?: IDBFactory };
  const database = factory ? opened(factory) : Promise.reject(new Error("there is no IndexedDB here, or its use is forbidden"));
  database.catch(forget);
  const isOpen = await Promise.race([database.then(() => true), patience()]);
  if (isOpen) return giveUpWhenAsked(await database);
  database.then((late) => late.close()).then(forget, forget);
  throw new Error("the database does not open: another tab blocks it; close or reload it");
}

async function opened(factory: IDBFactory): Promise<IDBDatabase> {
  const request = factory.open(FORMAT, 1);
  request.onupgradeneeded = () => createStores(request.result);
  return settled(request);
}

function patience(): Promise<false> {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MILLIS, false));
}

function createStores(database: IDBDatabase): void {
  const byName = { keyPath: ["id", "name"] };
  database.createObjectStore(ENTRIES, byName).createIndex(BY_AGE, ["id", "entry.age"]);
  database.createObjectStore(LARGE, byName);
  database.createObjectStore(FUNCTIONS, { keyPath: "id" });
}

/** Another tab that deletes or upgrades the database does not wait for this one. */
function giveUpWhenAsked(database: IDBDatabase): IDBDatabase {
  database.onversionchange = database.onclose = () => {
    database.close();
    forget();
  };
  return database;
}
