/**
 * The WebAssembly classes as the build generates them: the contract between the front and the engine; knows no user function.
 *
 * A step is one number, `id * 8 + kind` (the kinds stand in step.ts). Beside the classes, the front relies on this:
 * - `validUntil`, `validFrom`, `finish` and `precache` speak for the policy of the definition, whatever a call option says;
 *   they answer NaN, and not a moment, where the value is not held (refused, too large).
 * - `Record.dropped()` is called exactly when an entry leaves the engine, also while `finish`, `precache`, `remove` or
 *   `clearCache` is on the stack; it never calls back.
 * - `traits` follows the global parameters; the front reads it again whenever those change.
 * - the options that `give` was told of are for the next `CallPolicy`, `Memoized` or `setGlobalParams`, which checks
 *   everything before it changes anything, throws a TypeError or RangeError that names the option, and forgets them.
 * - the key that was spelled last is for the next `begin`, `beginWith`, `precache`, `remove`, `peek` or `keyOf`.
 * - `fail` on the ticket of a refresh reports the error and answers a FAIL code, whose payload the front collects.
 * - an id with a payload is freed by `collect`, the id of a refresh by `beginRefresh`, or by `collect` if it is not
 *   to be tried; `refreshOf` frees nothing.
 * - no class keeps a JavaScript function, so that a memoized function that nobody holds can be collected.
 */
import type { Record } from "./record.js";

/** The options of one call, checked. */
export class CallPolicy {
  free(): void;
}

/** The engine and the memory core of one memoized function. */
export class Memoized {
  /** `fallbackName` is the function's own name. */
  constructor(fallbackName: string);
  /** Its name, and its version if it has one. */
  label(): string;
  /** What it asks of the front: bits of trait.ts. Where it weighs nothing, the front hands over 0 as size. */
  traits(): number;
  /** The step of a call; a CALCULATE step is already entered. */
  begin(): number;
  /** `begin` for a call that has options of its own. */
  beginWith(call: CallPolicy): number;
  /** Until when the value is fresh: milliseconds since the epoch, Infinity (never stale) or NaN (not stored). */
  finish(ticket: number, record: Record, size: number, none: boolean): number;
  /** Until when the record last collected or stored is fresh. */
  validUntil(): number;
  /** From when on that record may be served. */
  validFrom(): number;
  /** Milliseconds since that record was stored; NaN if it was not. */
  age(): number;
  precache(record: Record, size: number, none: boolean): number;
  remove(): boolean;
  peek(): Record | undefined;
  /** For each entry its key, its record, when it was stored, its size, whether it is stale. */
  entries(): unknown[];
  clearCache(): void;
  clearBeingCalculated(): void;
  /** The counters without the hits that the front served, in the order of lists.ts; none when off. */
  metrics(): number[];
  /** The task that ends when no clean-up is under way. */
  drained(): number;
  free(): void;
}

/** Hands over one option; `type` is its place in the list of options.ts. */
export function give(name: string, type: number, number: number, text: string): void;
/** The key of arguments. */
export function spell(spelling: string, scope: string | undefined): void;
/** The key of one number. */
export function spellNumber(argument: number): void;
/** The key of one well-formed string. */
export function spellText(argument: string): void;
/** The canonical bytes of the key in hexadecimal. */
export function keyOf(): string;

/** The payload of a step, once: a Record, or the error to throw. */
export function collect(id: number): unknown;
/** The refresh id of a SERVE_AND_REFRESH step; to be asked before `collect`. */
export function refreshOf(id: number): number;
/** The task that comes to the next step of a WAIT step. */
export function wait(id: number): number;
/** Goes on with a task; what it came to, or NaN as long as it has not ended. `rang`: because its timer did. */
export function poll(task: number, rang: boolean): number;
/** Puts a calculation that came from `wait` or `beginRefresh` on the engine's stack. */
export function enter(ticket: number): void;
/** The function returned a thenable: off the stack, still running. */
export function suspend(ticket: number): void;
/** A FAIL step, or SERVE_STALE where `staleIfError` allows it. */
export function fail(ticket: number, error: unknown): number;
/** Gives a ticket back without a result. */
export function abandon(ticket: number): void;
/** A CALCULATE step, not entered yet, or BYPASS where there is nothing to do any more. */
export function beginRefresh(id: number): number;

/** Sets the options that were given. */
export function setGlobalParams(): void;
export function allowCaching(isAllowed: boolean): void;

/** Starts the engine with a compiled module. The packing script adds it to what is generated. */
export function start(module: WebAssembly.Module): void;
