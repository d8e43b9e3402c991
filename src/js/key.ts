/** From a call to what identifies it: arguments, own key, scope; must not know records, steps or time. */
import { spell as handOver, spellNumber, spellText } from "./glue.js";
import { isPrimitive, spellUnfolded, unfold } from "./shape.js";
import { isWellFormed, spell } from "./spelling.js";
import type { AnyFunction, Scope } from "./types.js";

/** Identifies one call: found in the front by `path`, known to the engine by `spelling`. */
export interface Key {
  /** Leads through the front; at least one part. */
  readonly path: readonly unknown[];
  /** Whether no other path leads to the same entry: it is the arguments themselves, a few that are primitive. */
  readonly isPlain: boolean;
  /** What stands for the arguments that count, without trailing `undefined`; nothing where the path ends in their spelling. */
  readonly parts: readonly unknown[] | undefined;
  readonly scope: string | undefined;
}

/** Derives the key of a call. Runs the user's `key`, `scope`, `toJSON` and, perhaps twice, getters. */
export type Keyer = (self: unknown, args: readonly unknown[]) => Key;

/** Arguments that would make a longer one are found by their spelling. */
const LONGEST_PATH = 6;

const NO_ARGUMENTS: readonly unknown[] = [undefined];

/** The keyer of a definition. */
export function keyer(ownKey: AnyFunction | undefined, scope: Scope | undefined): Keyer {
  const plainKey = plainKeyer();
  if (ownKey === undefined && scope === undefined) return (_, args) => plainKey(args);
  const partsOf: Parts = ownKey === undefined ? (_, args) => args : ownParts(ownKey);
  if (scope === undefined) return (self, args) => plainKey(partsOf(self, args));
  return (self, args) => scopedKey(plainKey(partsOf(self, args)), currentScope(scope));
}

/** The text that the engine reads as the arguments. */
function spellingOf(key: Key): string {
  return key.parts === undefined ? (nameOf(key) as string) : spellUnfolded(key.parts);
}

/** Tells the engine the key that what is asked of it next is about. */
export function tell(key: Key): void {
  const argument = key.parts?.[0];
  const isLone = key.scope === undefined && key.parts?.length === 1;
  if (isLone && typeof argument === "number") spellNumber(argument);
  else if (isLone && typeof argument === "string" && isWellFormed(argument)) spellText(argument);
  else handOver(spellingOf(key), key.scope);
}

/** What the last branch of the front has it under. */
export function nameOf({ path }: Key): unknown {
  return path[path.length - 1];
}

/** Whether two keys lead to one place of the front; their parts are primitives. */
export function hasSamePath({ path }: Key, other: Key): boolean {
  return path.length === other.path.length && path.every((part, index) => [part].includes(other.path[index]));
}

/** Whether two keys identify the same call. */
export function isSameKey(one: Key, other: Key): boolean {
  return one.scope === other.scope && spellingOf(one) === spellingOf(other);
}

type Parts = (self: unknown, args: readonly unknown[]) => readonly unknown[];

function ownParts(ownKey: AnyFunction): Parts {
  return (self, args) => [Reflect.apply(ownKey, self, args) as unknown];
}

/** The key of arguments as they are. */
export const plainKey = plainKeyer();

function plainKeyer(): (args: readonly unknown[]) => Key {
  const unfolded = unfolder();
  return (args) => {
    const given = withoutTrailingUndefined(args);
    const isPlain = given.length <= LONGEST_PATH && given.every(isPrimitive);
    const parts = isPlain ? given : unfolded(given);
    if (parts === undefined) return { path: [spell(given)], isPlain, parts, scope: undefined };
    return { path: parts.length === 0 ? NO_ARGUMENTS : parts, isPlain, parts, scope: undefined };
  };
}

/** After so many attempts in vain no arguments of a function are taken apart any more: that would be work for nothing at each call. */
const MOST_IN_VAIN = 8;

/** Takes arguments apart for one function. */
function unfolder(): typeof unfolded {
  let inVain = 0;
  return (args) => {
    if (inVain === MOST_IN_VAIN) return undefined;
    const path = unfolded(args);
    inVain = path === undefined ? inVain + 1 : 0;
    return path;
  };
}

/** Arguments with the values of plain objects behind their shapes, where these are all there is to an object, and few. */
function unfolded(args: readonly unknown[]): unknown[] | undefined {
  const path: unknown[] = [];
  for (const argument of args) {
    if (isPrimitive(argument)) path.push(argument);
    else if (!unfold(argument, path, LONGEST_PATH)) return undefined;
  }
  return path.length > LONGEST_PATH ? undefined : path;
}

/** The scope always leads the path, also as `undefined`: else it could be taken for an argument. */
function scopedKey(key: Key, scope: string | undefined): Key {
  return { ...key, path: [scope, ...key.path], scope };
}

function withoutTrailingUndefined(args: readonly unknown[]): readonly unknown[] {
  let length = args.length;
  while (length > 0 && args[length - 1] === undefined) length--;
  return length === args.length ? args : args.slice(0, length);
}

function currentScope(scope: Scope): string | undefined {
  const current: unknown = typeof scope === "function" ? scope() : scope;
  if (current === undefined || typeof current === "string") return current;
  throw new TypeError(`scope must give a string, not ${typeof current}`);
}
