/**
 * The WebAssembly classes as the build generates them: the contract between the front and the engine; knows no user function.
 *
 * A step is one number, `id * 8 + kind` (the kinds stand in step.ts). Beside the classes, the front relies on this:
 * - `validUntil`, `validFrom`, `finish` and `precache` speak for the policy of the definition, whatever a call option says;
 *   they answer NaN, and not a moment, where the value is not held (refused, too large).
 * - `Record.dropped()` is called exactly when an entry leaves the engine, also while `finish`, `precache`, `remove` or
 *   `clearCache` is on the stack; it never calls back.
 * - `weighs`, `bounded` and `metered` follow the global parameters; the front reads them again whenever those change.
 * - `setGlobalParams` checks everything before it changes anything.
 * - `fail` on the ticket of a refresh reports the error and answers a FAIL code, whose payload the front collects.
 * - an id with a payload is freed by `collect`, the id of a refresh by `beginRefresh`, or by `collect` if it is not
 *   to be tried; `refreshOf` frees nothing.
 * - no class keeps a JavaScript function, so that a memoized function that nobody holds can be collected.
 */
import type { Record } from "./record.js";
import type { Metrics } from "./types.js";

/** The options of one call, checked. */
export class CallPolicy {
  constructor(options: unknown);
  free(): void;
}

/** The engine and the memory core of one memoized function. */
export class Memoized {
  /** Throws a TypeError or RangeError that names the option. `fallbackName` is the function's own name. */
  constructor(options: unknown, fallbackName: string);
  readonly name: string;
  readonly version: string | undefined;
  /** Whether a size is asked for: `maxBytes`, `entrySizeLimit` or metrics. Else the front hands over 0. */
  readonly weighs: boolean;
  /** Whether entries are evicted, so that `Record.used` is read. */
  readonly bounded: boolean;
  /** Whether metrics are on. */
  readonly metered: boolean;
  /** The step of a call; a CALCULATE step is already entered. */
  begin(spelling: string, scope: string | undefined): number;
  /** `begin` for a call that has options of its own. */
  beginWith(spelling: string, scope: string | undefined, call: CallPolicy): number;
  /** `begin` for one number argument without scope and call options. */
  beginNumber(argument: number): number;
  /** `begin` for one well-formed string argument without scope and call options. */
  beginString(argument: string): number;
  /** The payload of a step, once: a Record, or the error to throw. */
  collect(id: number): unknown;
  /** The refresh id of a SERVE_AND_REFRESH step; to be asked before `collect`. */
  refreshOf(id: number): number;
  /** The next step of a WAIT step; never rejected. */
  wait(id: number): Promise<number>;
  /** Puts a calculation that came from `wait` or `beginRefresh` on the engine's stack. */
  enter(ticket: number): void;
  /** The function returned a thenable: off the stack, still running. */
  suspend(ticket: number): void;
  /** Until when the value is fresh: milliseconds since the epoch, Infinity (never stale) or NaN (not stored). */
  finish(ticket: number, record: Record, size: number, none: boolean): number;
  /** A FAIL step, or SERVE_STALE where `staleIfError` allows it. */
  fail(ticket: number, error: unknown): number;
  /** Gives a ticket back without a result. */
  abandon(ticket: number): void;
  /** A CALCULATE step, not entered yet, or BYPASS where there is nothing to do any more. */
  beginRefresh(id: number): number;
  /** Until when the record last collected or stored is fresh. */
  validUntil(): number;
  /** From when on that record may be served. */
  validFrom(): number;
  /** Milliseconds since that record was stored; NaN if it was not. */
  age(): number;
  precache(spelling: string, scope: string | undefined, record: Record, size: number, none: boolean): number;
  remove(spelling: string, scope: string | undefined): boolean;
  peek(spelling: string, scope: string | undefined): Record | undefined;
  /** The canonical bytes in hexadecimal. */
  keyOf(spelling: string, scope: string | undefined): string;
  entries(): [key: string, record: Record, storedAt: number, size: number, stale: boolean][];
  clearCache(): void;
  clearBeingCalculated(): void;
  /** The counters without the hits that the front served; undefined when off. */
  metrics(): Metrics | undefined;
  /** Settled when no clean-up is under way. */
  drained(): Promise<void>;
  free(): void;
}

export function setGlobalParams(options: unknown): void;
export function getGlobalParams(): object;
export function enableCaching(): void;
export function disableCaching(): void;
export function cachingEnabled(): boolean;

/** Starts the engine with a compiled module. The packing script adds it to what is generated. */
export function start(module: WebAssembly.Module): void;
