// When a browser's stores have answered all they were asked; knows no law and nothing of what is stored.

const DATABASE = "cachier2";

/** The longest chain of answers that one call waits for: a lock, what is stored, who claims it, the store itself. */
const LONGEST_CHAIN = 6;

/** Resolves once whatever was asked of IndexedDB and of the locks before is answered, and what was asked then, and so on. */
export async function answersRest() {
  for (let link = 0; link < LONGEST_CHAIN; link++) {
    await navigator.locks.query();
    await transactionsRest();
  }
}

/** A transaction that writes everywhere begins when those before it have ended. */
async function transactionsRest() {
  const known = await indexedDB.databases();
  if (!known.some(({ name }) => name === DATABASE)) return;
  const database = await settled(indexedDB.open(DATABASE), "onsuccess");
  try {
    const stores = [...database.objectStoreNames];
    if (stores.length > 0) await settled(database.transaction(stores, "readwrite"), "oncomplete");
  } finally {
    database.close();
  }
}

function settled(request, success) {
  return new Promise((resolve, reject) => {
    request[success] = () => resolve(request.result);
    request.onerror = request.onabort = () => reject(request.error);
  });
}
