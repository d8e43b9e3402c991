/**
 * Values of JavaScript as CBOR (RFC 8949), as snapshots hold them; must not know snapshots.
 *
 * | CBOR | JavaScript |
 * |---|---|
 * | integer | number; bigint beyond 2^53 - 1 |
 * | float | number |
 * | text, `true`, `false`, `null`, `undefined` | the same |
 * | byte string | `Uint8Array` |
 * | array | array |
 * | map whose keys are all text | plain object; any other map: `Map` |
 * | tag 1, seconds since the epoch | `Date` |
 * | tags 2 and 3 | bigint |
 * | tags 64 to 86 (RFC 8746), little-endian | the typed array |
 * | tag 258 | `Set` |
 * | tag 259 | `Map` |
 * | tag 24 | what the byte string encodes |
 * | tag 27 with `"Some"`, which Rust writes where an option holds another one | what it holds |
 *
 * The other way each value of the right column becomes what stands left of it; a number with a fraction, -0 and what is
 * beyond 2^53 - 1 a float of 64 bits, a bigint always tag 2 or 3.
 */

import { bytesOf } from "../core/browser/hexadecimal.js";

const [UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG] = [0, 1, 2, 3, 4, 5, 6];
const [DATE, POSITIVE_BIGNUM, NEGATIVE_BIGNUM, ENCODED, OBJECT, SET, EXPLICIT_MAP] = [1, 2, 3, 24, 27, 258, 259];
const [FALSE, TRUE, NULL, UNDEFINED, HALF, SINGLE, DOUBLE] = [20, 21, 22, 23, 25, 26, 27];

/** RFC 8746 §2. */
const ARRAYS = new Map<number, new (buffer: ArrayBufferLike) => ArrayBufferView>([
  [64, Uint8Array],
  [68, Uint8ClampedArray],
  [69, Uint16Array],
  [70, Uint32Array],
  [71, BigUint64Array],
  [72, Int8Array],
  [77, Int16Array],
  [78, Int32Array],
  [79, BigInt64Array],
  [85, Float32Array],
  [86, Float64Array],
]);

/** Nested deeper, it is refused: the stack is finite. */
const DEEPEST = 256;

/** Reads one item after the other. */
export class Reader {
  position = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.position >= this.#bytes.length;
  }

  /** The next item. */
  item(depth = DEEPEST): unknown {
    if (depth === 0) throw new RangeError("it is nested too deeply");
    const first = this.#view.getUint8(this.position++);
    const [major, short] = [first >> 5, first & 31];
    if (major === 7) return this.#simple(short);
    const value = this.#argument(short);
    switch (major) {
      case UNSIGNED:
        return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
      case NEGATIVE:
        return value < Number.MAX_SAFE_INTEGER ? -1 - Number(value) : -1n - value;
      case BYTES:
        return this.#slice(value).slice();
      case TEXT:
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.#slice(value));
      case ARRAY:
        return this.#members(value, () => this.item(depth - 1));
      case MAP:
        return asMap(this.#members(value, () => [this.item(depth - 1), this.item(depth - 1)] as const));
      default:
        return tagged(Number(value), this.item(depth - 1));
    }
  }

  #argument(short: number): bigint {
    const at = this.position;
    switch (short) {
      case 24:
        this.position += 1;
        return BigInt(this.#view.getUint8(at));
      case 25:
        this.position += 2;
        return BigInt(this.#view.getUint16(at));
      case 26:
        this.position += 4;
        return BigInt(this.#view.getUint32(at));
      case 27:
        this.position += 8;
        return this.#view.getBigUint64(at);
      default:
        if (short > 27) throw new RangeError("it is of no definite length");
        return BigInt(short);
    }
  }

  #slice(length: bigint): Uint8Array {
    const start = this.position;
    if (length > this.#bytes.length - start) throw new RangeError("it is cut off");
    return this.#bytes.subarray(start, (this.position = start + Number(length)));
  }

  #members<Member>(count: bigint, read: () => Member): Member[] {
    if (count > this.#bytes.length - this.position) throw new RangeError("it is cut off");
    return Array.from({ length: Number(count) }, read);
  }

  #simple(short: number): unknown {
    const at = this.position;
    switch (short) {
      case FALSE:
        return false;
      case TRUE:
        return true;
      case NULL:
        return null;
      case UNDEFINED:
        return undefined;
      case HALF:
        this.position += 2;
        return half(this.#view.getUint16(at));
      case SINGLE:
        this.position += 4;
        return this.#view.getFloat32(at);
      case DOUBLE:
        this.position += 8;
        return this.#view.getFloat64(at);
      default:
        throw new RangeError("it holds a simple value that is unknown");
    }
  }
}

/** RFC 8949, appendix D. */
function half(bits: number): number {
  const [exponent, mantissa] = [(bits >> 10) & 31, bits & 1023];
  const magnitude = exponent === 0 ? mantissa * 2 ** -24 : exponent === 31 ? (mantissa === 0 ? Infinity : NaN) : (mantissa + 1024) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -magnitude : magnitude;
}

function asMap(pairs: (readonly [unknown, unknown])[]): unknown {
  const isObject = pairs.every(([key]) => typeof key === "string");
  return isObject ? Object.fromEntries(pairs as [string, unknown][]) : new Map(pairs);
}

function tagged(tag: number, content: unknown): unknown {
  switch (tag) {
    case DATE:
      return new Date(Math.round((content as number) * 1000));
    case POSITIVE_BIGNUM:
      return magnitudeOf(content as Uint8Array);
    case NEGATIVE_BIGNUM:
      return -1n - magnitudeOf(content as Uint8Array);
    case ENCODED:
      return valueOf(content as Uint8Array);
    case OBJECT:
      return Array.isArray(content) && content[0] === "Some" ? content[1] : content;
    case SET:
      return new Set(content as unknown[]);
    case EXPLICIT_MAP:
      return content instanceof Map ? content : new Map(Object.entries(content as object));
    default:
      return typedArray(tag, content);
  }
}

function typedArray(tag: number, content: unknown): unknown {
  const View = ARRAYS.get(tag);
  return View === undefined || !(content instanceof Uint8Array) ? content : new View(content.buffer);
}

function magnitudeOf(bytes: Uint8Array): bigint {
  return bytes.reduce((magnitude, byte) => (magnitude << 8n) | BigInt(byte), 0n);
}

/** The value of these bytes, which are one item. */
export function valueOf(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const value = reader.item();
  if (!reader.isAtEnd) throw new RangeError("something follows it");
  return value;
}

/** Writes one item after the other. */
export class Writer {
  #bytes = new Uint8Array(256);
  #length = 0;

  /** What was written so far. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  /** Appends a value. Throws a TypeError for what has no place in CBOR. */
  item(value: unknown, depth = DEEPEST): this {
    if (depth === 0) throw new TypeError("a value that leads back to itself, or is nested too deeply, cannot be exported");
    switch (typeof value) {
      case "boolean":
        return this.#simple(value ? TRUE : FALSE);
      case "undefined":
        return this.#simple(UNDEFINED);
      case "number":
        return this.#number(value);
      case "bigint":
        return this.#bigInteger(value);
      case "string":
        return this.#string(TEXT, encoded(value));
      case "object":
        return value === null ? this.#simple(NULL) : this.#object(value, depth - 1);
      default:
        throw new TypeError(`a ${typeof value} cannot be exported`);
    }
  }

  /** Appends a map of so many pairs, of which each is then to be written. */
  map(pairs: number): this {
    return this.#head(MAP, pairs);
  }

  /** Appends a tag for the item to come. */
  tag(tag: number): this {
    return this.#head(TAG, tag);
  }

  #simple(value: number): this {
    return this.#append([(7 << 5) | value]);
  }

  #number(value: number): this {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) return this.#double(value);
    return value < 0 ? this.#head(NEGATIVE, -1 - value) : this.#head(UNSIGNED, value);
  }

  #double(value: number): this {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    return this.#simple(DOUBLE).#append(new Uint8Array(view.buffer));
  }

  #bigInteger(value: bigint): this {
    const magnitude = value < 0n ? -1n - value : value;
    const digits = magnitude === 0n ? "" : magnitude.toString(16);
    const padded = digits.length % 2 === 1 ? `0${digits}` : digits;
    return this.tag(value < 0n ? NEGATIVE_BIGNUM : POSITIVE_BIGNUM).#string(BYTES, bytesOf(padded));
  }

  #object(value: object, depth: number): this {
    if (Array.isArray(value)) return this.#list(value, depth);
    if (value instanceof Uint8Array) return this.#string(BYTES, value);
    if (value instanceof Date) return this.tag(DATE).#number(value.getTime() / 1000);
    if (value instanceof Set) return this.tag(SET).#list([...value], depth);
    if (value instanceof Map) return this.tag(EXPLICIT_MAP).#pairs([...(value as Map<unknown, unknown>)], depth);
    for (const [tag, View] of ARRAYS)
      if (value instanceof View) return this.tag(tag).#string(BYTES, new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.#pairs(Object.entries(value), depth);
    throw new TypeError(`an object of the class ${value.constructor.name} cannot be exported`);
  }

  #list(members: readonly unknown[], depth: number): this {
    this.#head(ARRAY, members.length);
    for (const member of members) this.item(member, depth);
    return this;
  }

  #pairs(pairs: readonly (readonly [unknown, unknown])[], depth: number): this {
    this.map(pairs.length);
    for (const [key, member] of pairs) this.item(key, depth).item(member, depth);
    return this;
  }

  #string(major: number, bytes: Uint8Array): this {
    return this.#head(major, bytes.length).#append(bytes);
  }

  #head(major: number, value: number): this {
    const bits = major << 5;
    if (value < 24) return this.#append([bits | value]);
    const size = value < 2 ** 8 ? 1 : value < 2 ** 16 ? 2 : value < 2 ** 32 ? 4 : 8;
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt(value));
    return this.#append([bits | (24 + Math.log2(size))]).#append(new Uint8Array(view.buffer, 8 - size));
  }

  #append(bytes: ArrayLike<number>): this {
    const needed = this.#length + bytes.length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = needed;
    return this;
  }
}

function encoded(text: string): Uint8Array {
  if (/\p{Surrogate}/u.test(text)) throw new TypeError("a string with half a character cannot be exported");
  return new TextEncoder().encode(text);
}
