/**
 * The numbers that decide whether a claim may still store; pure but for the time, must not know stores and locks.
 *
 * Every change of a function's entries takes a number that nobody had before, so that none has to be read first. A claim remembers
 * that of its key's last change, and its *generation*: the number of the change that last freed claims of its key, be it a clear of
 * everything or a value stored or removed without a claim. A claim stores only while both are the key's.
 */

/** What is kept of a function beside its entries. */
export interface Totals {
  /** A number that no later change goes below. */
  serial: number;
  /** The number of the last change that freed every claim. */
  freed: number;
  entries: number;
  bytes: number;
}

/** What is kept of an entry beside its value. */
export interface Head {
  /** The number of the change that stored it. */
  readonly order: number;
  readonly generation: number;
  readonly size: number;
}

/** That the claims of a key were overtaken, where no entry says so. */
export interface Mark {
  readonly number: number;
  readonly generation: number;
  /** The attempt that overtook them; 0 for a removal. */
  readonly attempt: number;
}

/** The numbers of a claim. */
export interface Ticket {
  /** That of the key's last change. */
  readonly number: number;
  readonly generation: number;
}

/** Who asks for a claim, under the lock of an attempt. */
export interface Asked {
  readonly generation: number;
  readonly attempt: number;
  /** Attempts up to this one are known to be over. */
  readonly over: number;
}

/** A ticket; the key's generation, where the lock was of another; or the later attempt that may still be under way. */
export interface Answer {
  readonly ticket?: Ticket;
  readonly generation?: number;
  readonly behind?: number;
}

/** The last number that was given out here. */
let last = 0;

/** The number of the next change: by the clock, so that tabs need not ask what the others have given out, and behind all that are known. */
export function advance(totals: Totals): number {
  return (totals.serial = last = Math.max(last + 1, totals.serial + 1, Math.floor((Date.now() + Math.random()) * 1_000)));
}

/** Whether the next change takes a higher number, whoever makes it; not where the clock was set back. */
export function isPast(number: number): boolean {
  return number < Date.now() * 1_000;
}

/** Frees every claim. */
export function free(totals: Totals): void {
  totals.freed = advance(totals);
}

/** All that is stored about one key. */
export class Ledger<Kept extends Totals = Totals, Known extends Head = Head> {
  mark: Mark | undefined;

  constructor(
    readonly totals: Kept,
    mark: Mark | undefined,
    readonly head: Known | undefined,
  ) {
    this.mark = mark;
  }

  get generation(): number {
    return Math.max(this.totals.freed, this.mark?.generation ?? 0, this.head?.generation ?? 0);
  }

  /** Whether whoever has this ticket may store, also in place of what was evicted meanwhile. */
  admits({ number, generation }: Ticket): boolean {
    return generation === this.generation && [0, number].includes(this.#number);
  }

  /** The claim of whoever holds the lock; a later attempt leaves a mark that overtakes the earlier ones. */
  claim({ generation, attempt, over }: Asked): Answer {
    if (generation !== this.generation) return { generation: this.generation };
    const later = this.mark?.generation === generation ? this.mark.attempt : 0;
    if (later > Math.max(attempt, over)) return { behind: later };
    const number = attempt === 0 ? this.#number : this.#overtake(generation, attempt);
    return { ticket: { number, generation } };
  }

  /** Overtakes every claim of the key, for an entry that is removed. */
  overtake(): void {
    const number = advance(this.totals);
    this.mark = { number, generation: number, attempt: 0 };
  }

  /** That of the key's last change, 0 if there was none. */
  get #number(): number {
    return Math.max(this.mark?.number ?? 0, this.head?.order ?? 0);
  }

  #overtake(generation: number, attempt: number): number {
    const number = advance(this.totals);
    this.mark = { number, generation, attempt };
    return number;
  }
}
