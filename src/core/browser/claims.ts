/** The right to calculate one key: a lock, and the numbers under which it was taken; must not know how a store answers. */
import type { Answer, Asked, Ticket } from "./ledger.js";
import { takeEverywhere, takeHere, type Lock } from "./locks.js";
import { take, type Soon, type Steps } from "./soon.js";
import { FORMAT, type Claim, type Found, type PartOptions } from "./store.js";

/** What was stored under a key, of use while its name has this version. */
export interface Seen {
  readonly found: Found | undefined;
  readonly version: number;
}

/** What a store answers, and what it saw as it gave a ticket. */
export interface Told extends Answer {
  readonly seen?: Seen;
}

/** A claim of a store's making. */
export class StoreClaim implements Claim {
  constructor(
    readonly name: string,
    readonly ticket: Ticket,
    readonly lock: Lock,
    /** As it was taken; nobody is to rely on it once others may have the claim. */
    public seen: Seen | undefined,
  ) {}

  release(): void {
    this.seen = undefined;
    this.lock.release();
  }
}

/** Takes a claim. `place` names the key among all of the origin; `ask` asks the store under a lock. */
export function claim(
  name: string,
  place: string,
  among: PartOptions["among"],
  asked: Asked,
  ask: (asked: Asked) => Soon<Told>,
): Soon<StoreClaim | undefined> {
  return take(claiming(name, place, among, asked, ask));
}

function* claiming(name: string, place: string, among: PartOptions["among"], asked: Asked, ask: (asked: Asked) => Soon<Told>): Steps<StoreClaim | undefined> {
  const lockOf = (generation: number, attempt: number): Soon<Lock | undefined> => {
    const lockName = `${FORMAT}:${place}:${String(generation)}:${String(attempt)}`;
    return among === "tab" ? takeHere(lockName) : takeEverywhere(lockName);
  };
  for (;;) {
    const lock = (yield lockOf(asked.generation, asked.attempt)) as Lock | undefined;
    if (lock === undefined) return undefined;
    let isTaken = false;
    try {
      const { ticket, behind, generation = 0, seen } = (yield ask(asked)) as Told;
      if (ticket !== undefined) {
        isTaken = true;
        return new StoreClaim(name, ticket, lock, seen);
      }
      if (behind !== undefined) {
        const later = (yield lockOf(asked.generation, behind)) as Lock | undefined;
        if (later === undefined) return undefined;
        later.release();
        asked = { ...asked, over: behind };
      } else asked = { ...asked, generation };
    } finally {
      if (!isTaken) lock.release();
    }
  }
}
