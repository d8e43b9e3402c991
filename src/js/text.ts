/**
 * Values as JSON text that brings them back exactly, for localStorage; must not know who stores it.
 *
 * JSON itself stands for what it can: `null`, booleans, numbers, strings, arrays and plain objects. Anything else is an object with
 * the one key `$`, whose value names a kind and holds what it is made of:
 *
 * | kind | holds |
 * |---|---|
 * | `undefined`, `NaN`, `Infinity`, `-Infinity`, `-0` | nothing |
 * | `bigint` | its decimal digits |
 * | `Date` | milliseconds since the epoch |
 * | `Map` | pairs of key and value |
 * | `Set` | its members |
 * | `Object` | pairs of a plain object that has the key `$` itself |
 * | `Uint8Array` and the other typed arrays, `ArrayBuffer`, `DataView` | the bytes in base64 |
 * | `Promise` | what it came to |
 */

interface Tagged { readonly $: readonly [kind: string, ...content: unknown[]] }
type Bytes = Uint8Array<ArrayBuffer>;

const VIEWS = [
  DataView,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
] as const;

/** Those that JSON has no text for. */
const NUMBERS = /^(NaN|-?Infinity|-0)$/;

/** The text of `value`; of a promise of it, where that is what is to come back. Throws a TypeError where there is none. */
export function textOf(value: unknown, isPromised: boolean): string {
  try {
    const plain = plainOf(value);
    return JSON.stringify(isPromised ? tagged("Promise", plain) : plain);
  } catch (error) {
    throw error instanceof RangeError ? refusal("what leads back to itself, or is nested too deeply") : error;
  }
}

/** The value of a text, and what it comes to where it is a promise. */
export function valueOf(text: string): { value: unknown; settled: unknown } {
  const plain: unknown = JSON.parse(text);
  const isPromised = isTagged(plain) && plain.$[0] === "Promise";
  const content = isPromised ? plain.$[1] : plain;
  // Most have no tag, and are taken as JSON gave them.
  const settled = text.includes('{"$":[') ? revived(content) : content;
  return { value: isPromised ? Promise.resolve(settled) : settled, settled };
}

function plainOf(value: unknown): unknown {
  switch (typeof value) {
    case "undefined":
      return tagged("undefined");
    case "number":
      return numberOf(value);
    case "bigint":
      return tagged("bigint", String(value));
    case "object":
      return value === null ? null : objectOf(value);
    case "function":
    case "symbol":
      throw refusal(`a ${typeof value}`);
    default:
      return value;
  }
}

function numberOf(value: number): unknown {
  if (Object.is(value, -0)) return tagged("-0");
  return Number.isFinite(value) ? value : tagged(String(value));
}

function objectOf(value: object): unknown {
  if (Array.isArray(value)) return listOf(value);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return plainObjectOf(value);
  if (value instanceof Date) return tagged("Date", value.getTime());
  if (value instanceof Map) return tagged("Map", [...value].map(listOf));
  if (value instanceof Set) return tagged("Set", listOf([...value]));
  if (value instanceof ArrayBuffer) return tagged("ArrayBuffer", base64Of(new Uint8Array(value)));
  for (const View of VIEWS)
    if (value instanceof View) return tagged(View.name, base64Of(new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength)));
  throw refusal(`an object of the class ${(prototype as { constructor?: { name?: string } }).constructor?.name ?? "of no name"}`);
}

/** A gap would come back as undefined. */
function listOf(list: readonly unknown[]): unknown[] {
  return Array.from(list, (member, index) => {
    if (!(index in list)) throw refusal("an array with gaps");
    return plainOf(member);
  });
}

function plainObjectOf(value: object): unknown {
  const pairs = Object.entries(value).map(([name, member]) => [name, plainOf(member)] as const);
  return Object.hasOwn(value, "$") ? tagged("Object", pairs) : Object.fromEntries(pairs);
}

function tagged(...parts: readonly [string, ...unknown[]]): Tagged {
  return { $: parts };
}

function isTagged(plain: unknown): plain is Tagged {
  return typeof plain === "object" && plain !== null && Array.isArray((plain as Partial<Tagged>).$);
}

function revived(plain: unknown): unknown {
  if (typeof plain !== "object" || plain === null) return plain;
  if (Array.isArray(plain)) return plain.map(revived);
  if (isTagged(plain)) return revivedTag(plain.$[0], plain.$[1]);
  return Object.fromEntries(Object.entries(plain).map(([name, member]) => [name, revived(member)]));
}

function revivedTag(kind: string, content: unknown): unknown {
  switch (kind) {
    case "undefined":
      return undefined;
    case "bigint":
      return BigInt(content as string);
    case "Date":
      return new Date((content as number | null) ?? NaN);
    case "Map":
      return new Map(revived(content) as [unknown, unknown][]);
    case "Set":
      return new Set(revived(content) as unknown[]);
    case "Object":
      return Object.fromEntries((content as [string, unknown][]).map(([name, member]) => [name, revived(member)]));
    case "ArrayBuffer":
      return bytesOf(content as string).buffer;
    default:
      return NUMBERS.test(kind) ? Number(kind) : viewOf(kind, content as string);
  }
}

function viewOf(kind: string, content: string): unknown {
  const View = VIEWS.find(({ name }) => name === kind) as (new (buffer: ArrayBuffer) => unknown) | undefined;
  if (View === undefined) throw new TypeError(`a stored value is of the unknown kind ${kind}`);
  return new View(bytesOf(content).buffer);
}

function base64Of(bytes: Bytes): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function bytesOf(base64: string): Bytes {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function refusal(what: string): TypeError {
  return new TypeError(`the value is returned and not stored: localStorage cannot hold ${what}`);
}
