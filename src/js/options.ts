/** Options on their way to the engine; must not know what they mean. */
import { give } from "./glue.js";
import { load } from "./loader.js";
import { requireRoom } from "./room.js";

/** A plain copy: the getters of the user's object run here, and not while the engine reads it. */
export function copyOf<Given>(options: Given): Given {
  return isReadable(options) ? { ...options } : options;
}

function isReadable(options: unknown): options is object {
  return typeof options === "object" && options !== null && !Array.isArray(options);
}

/** As the engine numbers the types; it takes what is not here for an object. */
const TYPES = ["undefined", "boolean", "number", "string", "function", "null", "bigint", "symbol"];

/** Where options are given, as the engine numbers it. */
export const GLOBAL = 0;
export const DEFINITION = 1;
export const CALL = 2;

/** Gives the engine, which is started for it, the options for what is made next. */
export function handOver(options: unknown, place: number): void {
  requireRoom();
  load();
  if (options === undefined) return;
  if (!isReadable(options)) throw new TypeError("options: give an object");
  for (const [name, value] of Object.entries(options)) {
    const type = value === null ? "null" : typeof value;
    const number = type === "number" || type === "boolean" ? Number(value) : 0;
    give(place, name, TYPES.indexOf(type), number, type === "string" ? (value as string) : "");
  }
}
