/**
 * The WebAssembly as the build generates them: the contract between the front and the engine; knows no user function.
 *
 * A step is one number, `id * 8 + kind` (the kinds stand in step.ts). Beside the types, the front relies on this:
 * - what may take time answers a step: a WAIT step, whose id is a task, comes to another step.
 * - `Record.judged()` is called whenever a record is stored or handed over to be served as fresh. It speaks for the policy of
 *   the definition, whatever a call option says; its last moment is NaN where the front must not serve it.
 * - `Record.dropped()` is called exactly when an entry leaves the engine, also while `finish`, `precache`, `remove` or
 *   `clearCache` is on the stack; it never calls back.
 * - `traits` follows the global parameters; the front reads it again whenever those change.
 * - the options that `give` was told of are for the next `makePolicy`, `define` or `setGlobalParams`. It throws a
 *   TypeError or RangeError that names a wrong one, and forgets those before it.
 * - the key that was spelled last is for the next `begin`, `beginWith`, `precache`, `remove`, `peek`, `keyOf`,
 *   `nameToRead` or `holdRead`.
 * - `fail` on the ticket of a refresh reports the error and answers a FAIL step, whose payload the front collects.
 * - an id with a payload is freed by `collect`, the id of a refresh by `beginRefresh`, or by `collect` if it is not
 *   to be tried; `refreshOf` frees nothing.
 * - the engine keeps no JavaScript function, so that a memoized function that nobody holds can be collected.
 */
import type { Home } from "./home.js";
import type { Listing } from "./lists.js";
import type { Record } from "./record.js";

/** The number of a memoized function's engine, until it is collected. */
export type Memoized = number;

/** Takes the options that were given for those of one call; to be collected. */
export function makePolicy(): number;
/** Takes the options that were given for a definition; to be collected. `fallbackName` is the function's own name. */
export function define(fallbackName: string, home: Home | undefined): Memoized;
/** Its name, and its version if it has one. */
export function label(engine: Memoized): string;
/** What it asks of the front: bits of trait.ts. Where it weighs nothing, the front hands over 0 as size. `terms` is judged as
 * if it was stored at 0: so is any other of which the engine is told later, so much later. */
export function traits(engine: Memoized, terms: Record): number;
/** Stores the result of a sync run that ended at that moment; only where some may be told later. */
export function keepResult(engine: Memoized, record: Record, storedAt: number): void;
/** The name under which its store may be read; undefined where the engine has to be asked, as it always may. */
export function nameToRead(engine: Memoized): string | undefined;
/** Holds what was read under that name, and judges the record. */
export function holdRead(engine: Memoized, record: Record): void;
/** The step of a call; a CALCULATE step is already entered. */
export function begin(engine: Memoized): number;
/** `begin` for a call that has options of its own. */
export function beginWith(engine: Memoized, policy: number): number;
/** A step without payload: the value is stored, or cannot be; or FAIL. */
export function finish(engine: Memoized, ticket: number, record: Record, size: number, none: boolean): number;

// Steps that come to a payload or to FAIL.
/** Nothing. The record is stored as of `storedAt`. */
export function precache(engine: Memoized, record: Record, size: number, none: boolean, storedAt: number): number;
/** Whether there was an entry. */
export function remove(engine: Memoized): number;
/** A Record or undefined. */
export function peek(engine: Memoized): number;
/** Nothing; each record is listed. */
export function listEntries(engine: Memoized, listing: Listing): number;
export function clearCache(engine: Memoized): number;
export function clearBeingCalculated(engine: Memoized): number;
/** The counters without the hits that the front served, in the order of lists.ts, a space behind each; empty when off. */
export function metrics(engine: Memoized): number;
/** The task that ends when no clean-up is under way. */
export function drained(engine: Memoized): number;

/** Hands over one option; `place` and `type` are numbered as in options.ts. */
export function give(place: number, name: string, type: number, number: number, text: string): void;
/** The key of arguments. */
export function spell(spelling: string, scope: string | undefined): void;
/** The key of one number. */
export function spellNumber(argument: number): void;
/** The key of one well-formed string. */
export function spellText(argument: string): void;
/** The key of these canonical bytes. */
export function spellBytes(canonical: Uint8Array): void;
/** Canonical bytes in diagnostic notation. */
export function notation(canonical: Uint8Array): string;
/** The canonical bytes of the key in hexadecimal. */
export function keyOf(): string;

/** The payload of a step, once: a Record, the error to throw, what was asked for. Frees an engine or a policy. */
export function collect(id: number): unknown;
/** The refresh id of a SERVE_AND_REFRESH step; to be asked before `collect`. */
export function refreshOf(id: number): number;
/** Goes on with a task; what it came to, or NaN as long as it has not ended. `rang`: because its timer did. */
export function poll(task: number, rang: boolean): number;
/** Puts a run on the engine's stack: of a CALCULATE step that came from a task, or of a BYPASS step with an id. */
export function enter(id: number): void;
/** The function returned, perhaps a thenable: off the stack, perhaps still running. */
export function suspend(id: number): void;
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
