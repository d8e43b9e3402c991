/** What a core asks of a browser's store, and what it is answered; must not know which store it is. */
import type { Soon } from "./soon.js";

/** An entry to be stored. Nobody else holds its value. */
export class Fresh {
  constructor(
    readonly name: string,
    /** The canonical bytes of the arguments and their notation, where they are kept. */
    readonly key: Uint8Array | undefined,
    readonly args: string | undefined,
    /** For IndexedDB whatever can be cloned, for localStorage JSON. */
    readonly value: unknown,
    /** Whether the value is the bytes of one, in hexadecimal for localStorage, because its own form would not bring it back. */
    readonly isBytes: boolean,
    readonly storedAt: number,
    readonly size: number,
    readonly isNone: boolean,
  ) {}
}

/** What is stored of an entry; in a list without its value. */
export interface Stored {
  readonly name: string;
  /** Known to lists; who asks for one entry has it. */
  readonly key: Uint8Array | undefined;
  readonly value: unknown;
  readonly isBytes: boolean;
  readonly storedAt: number;
  readonly size: number;
  readonly isNone: boolean;
}

/** A stored entry, as it was met. */
export interface Found extends Stored {
  /** In a list: the number of the change that stored it. */
  readonly order?: number;
  /** What its text begins with, up to the value: as long as it begins so, nothing else is stored. */
  readonly head?: string;
  /** What `version` said before it was read, or when it was written: as long as it says so, nothing else is stored. */
  readonly version: number;
}

/** The right to calculate; of no use once released. */
export interface Claim {
  release(): void;
}

/** Entries read at once. */
export interface Preloaded {
  readonly stored: readonly Stored[];
  /** Whether there were no others. */
  readonly isAll: boolean;
  /** What `version` said of a name before they were read. */
  versionOf(name: string): number;
}

/** One function's part of a store. */
export interface Part {
  get(name: string): Soon<Found | undefined>;
  /** Reads the value of an entry whose text still begins as it did; undefined where nothing does. Only text has it. */
  again?(name: string, head: string): () => string | undefined;
  /** Undefined if somebody else calculates. A later attempt overtakes the earlier ones. */
  claim(name: string, attempt: number): Soon<Claim | undefined>;
  /** Undefined if the claim was overtaken, or the entry is larger than all there may be. Releases the claim. */
  put(claim: Claim, fresh: Fresh): Soon<Found | undefined>;
  /** Stores or removes without a claim, and overtakes every claim. Undefined if nothing is stored then. */
  set(name: string, fresh: Fresh | undefined): Soon<Found | undefined>;
  clear(): Soon<void>;
  releaseClaims(): Soon<void>;
  list(): Soon<Found[]>;
  /** Removes what was listed and not replaced since; how many. */
  remove(listed: readonly Found[]): Soon<number>;
  /** The youngest small entries with their values, about so many bytes of them; some of them are told of before, where not all come at once. */
  preload(mostBytes: number, tellSome?: (some: Preloaded) => void): Soon<Preloaded>;
  /** A number that moves whenever an entry of this name may have changed. Names share numbers. */
  version(name: string): number;
  /** How many entries were evicted from here. */
  readonly evicted: number;
}

/** What a part is told when it is opened. */
export interface PartOptions {
  /** Infinity: without a bound. */
  readonly maxEntries: number;
  readonly maxBytes: number;
  /** Who has to be asked before a claim is taken; "tab" is decided at once. */
  readonly among: "tab" | "tabs";
  /** Called when an entry, or any (undefined), was changed by somebody else. */
  onNews?(name: string | undefined): void;
  /** Whether an entry was used where the store could not see it; asking forgets. */
  wasUsed?(name: string): boolean;
}

/** The format that these stores write; it is in the names of the database, the locks and the channel. Rust's cores have another. */
export const FORMAT = "cachier2";

/** An error of a store, with what can be done about it. */
export function trouble(store: string, cause: unknown): Error {
  const { name, message } = cause instanceof Error ? cause : new Error(String(cause));
  const reason = isQuota(cause) ? "the quota is exceeded, although the oldest entries of this function were evicted" : message;
  return new Error(`${store}: ${name}: ${reason}`, { cause });
}

/** QuotaExceededError, and what Firefox has called it. */
export function isQuota(error: unknown): boolean {
  return error instanceof DOMException && /quota/i.test(error.name);
}
