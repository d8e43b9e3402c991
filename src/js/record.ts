/** A value held by the engine, and where the front can find it; must not know policy, the engine or the user's function. */
import type { Clock, Tick } from "./clock.js";
import type { Branch } from "./front.js";

/** What a hit returns, and whether it was. */
export interface Servable {
  readonly value: unknown;
  used?: boolean;
}

/** One stored value. The engine holds it, the front finds it; WebAssembly calls by name what has no `#`. */
export class Record {
  /** Fresh before this moment, in milliseconds since the epoch. */
  validUntil = -Infinity;
  /** Not to be served before this moment: the clock was set back. */
  validFrom = -Infinity;
  /** When it was stored, in milliseconds since the epoch. */
  storedAt = NaN;
  /** The tick of the clock in which it was found fresh. */
  freshIn: Tick | null | undefined = null;
  /** Served since the engine last looked. */
  used = false;
  /** Whether the engine holds it no more, or something else is stored by now. */
  isDropped = false;
  #branch: Branch | undefined;
  #key: unknown;
  #otherPlaces: (readonly [branch: Branch, key: unknown])[] | undefined;

  constructor(
    /** What a hit returns: the value, or the promise of it. */
    readonly value: unknown,
    /** The value itself. */
    readonly settled: unknown,
  ) {}

  /** Remembers one place of the front that leads here. */
  placed(branch: Branch, key: unknown): void {
    if (this.#branch === branch && this.#key === key) return;
    if (this.#branch === undefined) [this.#branch, this.#key] = [branch, key];
    else (this.#otherPlaces ??= []).push([branch, key]);
  }

  /** Whether it was served since this was asked last. */
  wasServed(): boolean {
    const { used } = this;
    this.used = false;
    return used;
  }

  /** Takes the record out of the front; the engine still holds it. */
  unlink(): void {
    this.#branch?.remove(this.#key, this, this.value);
    this.#otherPlaces?.forEach(([branch, key]) => branch.remove(key, this, this.value));
    this.#branch = this.#key = this.#otherPlaces = undefined;
  }

  /** The engine holds it no more: no front may serve it again. */
  dropped(): void {
    this.isDropped = true;
    this.unlink();
  }

  /** What may be served for it without asking the engine, if anything. */
  served(now: Clock): Servable | undefined {
    return isFresh(this, now) ? this : undefined;
  }

  /** The engine says from when on, and before which moment, it may be served. */
  judged(storedAt: number, from: number, until: number): void {
    this.freshIn = null;
    [this.storedAt, this.validFrom, this.validUntil] = [storedAt, from, until];
  }
}

type Judged = Pick<Record, "validFrom" | "validUntil">;

/** Whether the record may be served without asking the engine. Where nothing becomes stale no clock is read. */
export function isFresh(record: Judged, now: Clock): boolean {
  return record.validUntil === Infinity || isWithin(record, now());
}

/** The same where a clock is read. */
export function isWithin(record: Judged, moment: number): boolean {
  return moment < record.validUntil && moment >= record.validFrom;
}

/** The same where the clock ticks: what is fresh is so until the tick is over. */
export function isFreshNow(record: Record, now: Clock): boolean {
  const isFresh = isWithin(record, now());
  if (isFresh) record.freshIn = now.tick;
  return isFresh;
}
