/** What the browser says of this origin's storage as a whole; must not know what is in it. */
import type { StorageInfo } from "../inspect.types.js";

/** See inspect.types.d.ts. */
export async function storageInfo(): Promise<StorageInfo | undefined> {
  const storage = manager();
  try {
    const { usage, quota } = (await storage?.estimate?.()) ?? {};
    if (usage === undefined || quota === undefined) return undefined;
    return { usage, quota, isPersistent: (await storage?.persisted?.()) ?? false };
  } catch {
    // As in a document of no origin.
    return undefined;
  }
}

/** See inspect.types.d.ts. */
export async function requestPersistence(): Promise<boolean> {
  try {
    return (await manager()?.persist?.()) ?? false;
  } catch {
    return false;
  }
}

/** Pages without https have none, workers and older browsers only a part of it. */
function manager(): Partial<StorageManager> | undefined {
  return (globalThis as { navigator?: { storage?: Partial<StorageManager> } }).navigator?.storage;
}
