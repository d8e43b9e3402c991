/** The names and texts of one function's items in localStorage, readable in the browser's inspector; must not know what they mean. */
import { digitsOf } from "./hexadecimal.js";
import type { Mark, Totals } from "./ledger.js";
import type { Fresh } from "./store.js";

/** Under it lies what is kept of a function itself, and behind it that of marks: no entry's name begins so. */
const OWN = "!";

/** An entry's text, taken apart; its value is still text. */
export interface Item {
  readonly storedAt: number;
  readonly size: number;
  readonly isNone: boolean;
  readonly order: number;
  readonly generation: number;
  readonly key?: string;
  readonly arguments?: string;
  readonly value: string;
  readonly isBytes: boolean;
  /** The text up to the value: all else that is known of it. */
  readonly head: string;
}

/** How long the last name of an entry's text is, with what is around it. */
const LAST_NAME = ',"value":'.length;

/** The names of one function's items. */
export class Names {
  readonly prefix: string;

  /**
   * Behind the prefix stands one of `[`, `#` and `!`. A colon before one of them within an id gets a backslash between, and one
   * more where there are some, so that no function's names begin as another's do.
   */
  constructor(id: string) {
    this.prefix = `cachier:${id.replace(/:(?=\\*[[#!])/g, ":\\")}:`;
  }

  entry(name: string): string {
    return this.prefix + name;
  }

  mark(name: string): string {
    return this.prefix + OWN + name;
  }

  get own(): string {
    return this.prefix + OWN;
  }

  /** The name of an entry that lies under this one; undefined for what is none of this function's entries. */
  entryOf(item: string): string | undefined {
    const name = this.#behind(item);
    return name !== undefined && /^[[#]/.test(name) ? name : undefined;
  }

  isMark(item: string): boolean {
    const name = this.#behind(item);
    return name !== undefined && name.length > 1 && name.startsWith(OWN);
  }

  #behind(item: string): string | undefined {
    return item.startsWith(this.prefix) ? item.slice(this.prefix.length) : undefined;
  }
}

/** The id of the function to which an item belongs; undefined for what is no function's. */
export function idOf(item: string): string | undefined {
  const [, escaped] = /^cachier:(.*?):[[#!]/s.exec(item) ?? [];
  return escaped?.replace(/:\\(?=\\*[[#!])/g, ":");
}

/** The text of an entry: what is known of it, then the value as it is or, of bytes, in a string. */
export function entryText({ storedAt, size, isNone, key, args, value, isBytes }: Fresh, order: number, generation: number): string {
  const known = JSON.stringify({ storedAt, size, none: Number(isNone), order, generation, key: key === undefined ? undefined : digitsOf(key), arguments: args });
  return `${known.slice(0, -1)},${isBytes ? `"bytes":"${value as string}"` : `"value":${value as string}`}}`;
}

/** An entry's text taken apart; undefined where it is none. */
export function readEntry(text: string): Item | undefined {
  // The first is the one: within a string its quotes would be escaped.
  const [head = "", kind] = /^.*?,"(value|bytes)":/s.exec(text) ?? [];
  const value = valueBehind(head, text);
  if (value === undefined) return undefined;
  try {
    const known = JSON.parse(`${head.slice(0, -LAST_NAME)}}`) as Item & { none: number };
    const isBytes = kind === "bytes";
    // In its place: a copy would take as long as all the rest.
    return Object.assign(known, { isNone: known.none !== 0, isBytes, head, value: isBytes ? value.slice(1, -1) : value });
  } catch {
    return undefined;
  }
}

/** The text of the value in an entry's text that begins so; undefined where it begins otherwise. */
export function valueBehind(head: string, text: string): string | undefined {
  // eslint-disable-next-line @typescript-eslint/prefer-string-starts-ends-with -- takes Chromium five times as long
  return text.slice(0, head.length) === head && text.endsWith("}") ? text.slice(head.length, -1) : undefined;
}

/** What is kept of a function, from the text of its item; all zero where there is none, or it is damaged. */
export function readTotals(text: string | null): Totals {
  const { serial = 0, freed = 0 } = parsed<Totals>(text) ?? {};
  return { serial, freed, entries: 0, bytes: 0 };
}

/** The text of what is kept of a function. */
export function totalsText({ serial, freed }: Totals): string {
  return JSON.stringify({ serial, freed });
}

/** A mark from the text of its item. */
export function readMark(text: string | null): Mark | undefined {
  return parsed<Mark>(text) as Mark | undefined;
}

function parsed<Value>(text: string | null): Partial<Value> | undefined {
  try {
    return (JSON.parse(text ?? "null") as Partial<Value> | null) ?? undefined;
  } catch {
    return undefined;
  }
}
