/** Names that one holder at a time has: in this tab, or in all tabs and workers of the origin by Web Locks; must not know why. */
import { whenAside } from "./page.js";

/** A held name. */
export interface Lock {
  /** Whether it went to others because the page was put aside. */
  readonly isLost: boolean;
  release(): void;
}

/** The names that are held in this tab only. */
const here = new Set<string>();

/** Every Web Lock that this tab holds. */
const held = new Set<WebLock>();

/** Names whose release is under way: until it is over they would look taken. */
const releasing = new Map<string, Promise<unknown>>();

let isListening = false;

/** Takes a name in this tab; undefined if somebody has it. */
export function takeHere(name: string): Lock | undefined {
  if (here.has(name)) return undefined;
  here.add(name);
  let isHeld = true;
  return {
    isLost: false,
    release: () => {
      if (isHeld) here.delete(name);
      isHeld = false;
    },
  };
}

/** Takes a name in all tabs, or in this one where there are no Web Locks; undefined if somebody has it. */
export async function takeEverywhere(name: string): Promise<Lock | undefined> {
  const { locks } = navigator as { locks?: LockManager };
  if (locks === undefined) return takeHere(name);
  await releasing.get(name);
  return new Promise((resolve) => {
    const over: Promise<unknown> = locks.request(name, { ifAvailable: true }, (granted) => {
      if (granted !== null) return new Promise<void>((release) => resolve(new WebLock(name, release, over)));
      resolve(undefined);
      return undefined;
    });
    // As in a document that may not use Web Locks.
    over.catch(() => resolve(takeHere(name)));
  });
}

/** A Web Lock, as long as its promise is not kept. */
class WebLock implements Lock {
  isLost = false;
  readonly #name: string;
  readonly #release: () => void;
  readonly #over: Promise<unknown>;

  constructor(name: string, release: () => void, over: Promise<unknown>) {
    this.#name = name;
    this.#release = release;
    this.#over = over;
    held.add(this);
    if (!isListening) whenAside(loseAll);
    isListening = true;
  }

  release(): void {
    if (!held.delete(this)) return;
    const over: Promise<unknown> = this.#over.catch(() => undefined).then(() => releasing.get(this.#name) === over && releasing.delete(this.#name));
    releasing.set(this.#name, over);
    this.#release();
  }

  lose(): void {
    this.isLost = true;
    this.release();
  }
}

function loseAll(): void {
  for (const lock of held) lock.lose();
}
