/**
 * The numbers that decide whether a claim may still store; pure, must not know stores and locks.
 *
 * Every change of a function's entries takes the next number of its *serial*. A claim remembers the serial at which it was taken,
 * and its *generation*: the serial at which claims of its key were last freed, by a clear of everything or by a value stored or
 * removed without a claim. A claim stores only while its generation is the key's, and nothing about the key is younger than it.
 */

/** What is kept of a function beside its entries. */
export interface Totals {
  /** The number of the last change. */
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
export type Answer = { readonly ticket: Ticket } | { readonly generation: number } | { readonly behind: number };

/** So many numbers are left for whatever is stored after a random start. */
const RANDOM_STARTS = 2 ** 40;

/** The number of the next change. A function that was never stored, or was deleted by hand, starts at random: no claim from before looks younger than what comes. */
export function advance(totals: Totals): number {
  if (totals.serial === 0) totals.serial = Math.floor(Math.random() * RANDOM_STARTS);
  return ++totals.serial;
}

/** Frees every claim. */
export function free(totals: Totals): void {
  totals.freed = advance(totals);
}

/** All that is stored about one key. */
export class Ledger {
  mark: Mark | undefined;

  constructor(
    readonly totals: Totals,
    mark: Mark | undefined,
    readonly head: Head | undefined,
  ) {
    this.mark = mark;
  }

  get generation(): number {
    return Math.max(this.totals.freed, this.mark?.generation ?? 0, this.head?.generation ?? 0);
  }

  /** Whether whoever has this ticket may store. */
  admits({ number, generation }: Ticket): boolean {
    return generation === this.generation && number >= Math.max(this.mark?.number ?? 0, this.head?.order ?? 0);
  }

  /** The claim of whoever holds the lock; a later attempt leaves a mark that overtakes the earlier ones. */
  claim({ generation, attempt, over }: Asked): Answer {
    if (generation !== this.generation) return { generation: this.generation };
    const later = this.mark?.generation === generation ? this.mark.attempt : 0;
    if (later > Math.max(attempt, over)) return { behind: later };
    const number = attempt === 0 ? this.totals.serial : this.#overtake(generation, attempt);
    return { ticket: { number, generation } };
  }

  /** Overtakes every claim of the key, for an entry that is removed. */
  overtake(): void {
    const number = advance(this.totals);
    this.mark = { number, generation: number, attempt: 0 };
  }

  #overtake(generation: number, attempt: number): number {
    const number = advance(this.totals);
    this.mark = { number, generation, attempt };
    return number;
  }
}
