/** The options there are, for definitions and for single calls, as fields of a form: one table each; pure. */
import type { CallOptions, Options } from "cachier";

/**
 * How an option is given: `text` as it is written; `quantity` as a number, `true`, `false`, or else as text, so that the library
 * says what is wrong; `switch` by a box, where it differs from the default; `choice` from a list, the first of which is the default.
 */
export type Kind =
  | { readonly kind: "text" | "quantity"; readonly initial?: string }
  | { readonly kind: "switch"; readonly initial?: boolean; readonly isOnByDefault?: boolean }
  | { readonly kind: "choice"; readonly choices: readonly (readonly [label: string, value: unknown])[] };

/** One option. */
export type Option = Kind & { readonly name: string; readonly usual: string; readonly help: string };

/** Options that belong together. */
export interface Group {
  readonly title: string;
  readonly isOpen?: boolean;
  readonly options: readonly Option[];
}

const cores = ["memory", "indexeddb", "localstorage"].map((core) => [core, core] as const);

const keys = [
  ["all arguments", undefined],
  ["the first argument", (first: unknown): unknown => first],
  ["one key for all", (): string => "all"],
] as const;

/** What a definition takes. */
export const definitionGroups = [
  {
    title: "Where it is kept",
    isOpen: true,
    options: [
      { name: "core", kind: "choice", choices: cores, usual: "memory", help: "the others are shared by tabs and survive a reload" },
      { name: "name", kind: "text", usual: "the function's own", help: "required beyond memory" },
      { name: "version", kind: "text", usual: "none", help: "another version shares nothing" },
      { name: "scope", kind: "text", usual: "none", help: "a part of the identity: a user, a locale" },
      { name: "key", kind: "choice", choices: keys, usual: "all arguments", help: "what identifies a call" },
    ],
  },
  {
    title: "How long it is fresh",
    isOpen: true,
    options: [
      { name: "staleAfter", kind: "quantity", initial: "10s", usual: "never", help: "the age at which a value is stale; 0: every call calculates" },
      { name: "nextTime", kind: "quantity", usual: "false", help: "true: serve a stale value, refresh behind it; a duration bounds how stale" },
      { name: "staleIfError", kind: "quantity", usual: "false", help: "if a recalculation fails, serve the old value, up to this age" },
      { name: "allowNone", kind: "switch", usual: "off", help: "a stored undefined or null may be served" },
      { name: "clockResolution", kind: "quantity", usual: "0", help: "milliseconds between two looks at the clock" },
    ],
  },
  {
    title: "How much is kept",
    options: [
      { name: "entrySizeLimit", kind: "quantity", usual: "none", help: "a larger value is returned, not stored" },
      { name: "maxEntries", kind: "quantity", usual: "none", help: "evict beyond so many" },
      { name: "maxBytes", kind: "quantity", usual: "none", help: "evict beyond so many estimated bytes" },
      { name: "cleanupStale", kind: "switch", usual: "off", help: "remove stale entries in the background" },
      { name: "cleanupInterval", kind: "quantity", usual: "1d", help: "the time between two such removals" },
    ],
  },
  {
    title: "Waiting, stores and tabs",
    options: [
      { name: "waitForCalcTimeout", kind: "quantity", usual: "as long as it runs", help: "how long callers wait before one takes over" },
      { name: "async", kind: "switch", usual: "for async functions", help: "says that the function returns promises: it claims among all tabs" },
      { name: "front", kind: "quantity", usual: "64MiB", help: "how much of a store is also held in memory; false: nothing" },
      { name: "preload", kind: "quantity", usual: "4MiB", help: "how much of IndexedDB is read at the first call; false: nothing" },
      { name: "coherent", kind: "switch", usual: "off", help: "every call reads the store" },
      { name: "storeArgs", kind: "switch", initial: true, isOnByDefault: true, usual: "on", help: "keep the arguments beside entries" },
      { name: "onError", kind: "choice", choices: [["serve", undefined], ["fail", "fail"]], usual: "serve", help: "what trouble with a store costs: a report, or the call" },
    ],
  },
  {
    title: "What is told",
    options: [
      { name: "metrics", kind: "switch", initial: true, usual: "off", help: "count what happens" },
      { name: "onEvent", kind: "switch", initial: true, usual: "off", help: "list refreshes and failures among the calls" },
    ],
  },
] as const satisfies readonly Group[];

const asDefined = "as defined";

/** What one call takes. */
export const callGroups = [
  {
    title: "Options of one call",
    options: [
      { name: "maxAge", kind: "quantity", usual: asDefined, help: "the stricter of this and staleAfter holds; negative: nothing is fresh" },
      { name: "staleAfter", kind: "quantity", usual: asDefined, help: "in place of the definition's" },
      { name: "nextTime", kind: "quantity", usual: asDefined, help: "in place of the definition's" },
      { name: "allowNone", kind: "choice", choices: [[asDefined, undefined], ["true", true], ["false", false]], usual: asDefined, help: "in place of the definition's" },
      { name: "skipCache", kind: "switch", usual: "off", help: "call the function; touch nothing stored" },
      { name: "overwriteCache", kind: "switch", usual: "off", help: "call the function and store its result" },
      { name: "verbose", kind: "switch", usual: "off", help: "explain the call on the console" },
    ],
  },
] as const satisfies readonly Group[];

type Named<Groups extends readonly Group[]> = Groups[number]["options"][number]["name"];

type Nothing<Missing extends never> = Missing;

/** The type checker refuses this where an option of the library has no field. */
export type Unnamed = [Nothing<Exclude<keyof Options, Named<typeof definitionGroups>>>, Nothing<Exclude<keyof CallOptions, Named<typeof callGroups>>>];
