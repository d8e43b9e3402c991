// The arguments of a call as one text; knows no CBOR: what the text means as bytes, spelling.rs says.
//
// Arguments that differ have spellings that differ, so a spelling can stand for them in a Map.
// It reads every argument once and before WebAssembly is entered: getters and `toJSON` may do as
// they please. The grammar, in which a length counts UTF-16 units:
//
//   spelling  = value* | "~" (a spelling with lone surrogates, each of them written "~hhhh", and
//               "~" as well)
//   value     = integer "," | "x" high "," low ","        number: decimal, or its 64 bits in two
//             | "N" | "t" | "f" | "n" | "u"               NaN, true, false, null, undefined
//             | '"' string | "b" ["-"] hexadecimal ","    string, bigint
//             | "[" value* "]" | "{" (string value)* "}"  array, object
//             | "M" (value value)* "]" | "S" value* "]"   Map, Set
//             | "d" value                                 Date: its milliseconds
//             | "r" string string | "l" string            RegExp: source and flags; URL
//             | "y" string | "v" string string            bytes; other typed array: name and bytes
//   string    = length units                              a byte is the unit of its value
//   length    = one unit: "0" and the 63 after it | "#" decimal ":"

const DEEPEST = 200;
const CHUNK = 4096;
const LONE_SURROGATE = /[\ud800-\udfff]/u;
const LONE_SURROGATES_AND_TILDES = /[~\ud800-\udfff]/gu;
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

const { isView } = ArrayBuffer;
const { getPrototypeOf, prototype: plain } = Object;
const { hasOwnProperty: isOwn, toString: tagOf } = plain;
/** Most texts are short, and the text of a length costs as much as all else about a string. */
const LENGTHS = Array.from({ length: 64 }, (_, length) => String.fromCharCode(48 + length));
const bits = new DataView(new ArrayBuffer(8));

/** Why a value cannot be spelled; collects the path to it on its way up. */
class Refusal {
  path = "";

  constructor(readonly what: string) {}
}

/**
 * The spelling of a call's arguments, without the `undefined` ones at the end.
 *
 * @throws TypeError naming the argument, what is wrong with it and where, and the `key` option.
 */
export function spell(list: ArrayLike<unknown>): string {
  let count = list.length;
  while (count > 0 && list[count - 1] === undefined) count--;
  let text = "";
  let index = 0;
  try {
    for (; index < count; index++) text += spellValue(list[index], 0);
  } catch (thrown) {
    throw thrown instanceof Refusal ? refused(thrown, index) : thrown;
  }
  return sent(text);
}

/** A spelling as it goes to the engine, in UTF-8. */
export function sent(text: string): string {
  return isWellFormed(text) ? text : escaped(text);
}

function refused({ what, path }: Refusal, index: number): TypeError {
  const where = path === "" ? "" : `, at ${path}`;
  return new TypeError(
    `argument ${index + 1} cannot be part of a key: ${what}${where}; ` +
      "give the option `key`, a function that returns what tells calls apart",
  );
}

/** Whether the text survives its way into UTF-8, which has no lone surrogates. */
export function isWellFormed(text: string & { isWellFormed?(): boolean }): boolean {
  return text.isWellFormed ? text.isWellFormed() : !LONE_SURROGATE.test(text);
}

function escaped(text: string): string {
  const unit = (found: string) => `~${found.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `~${text.replace(LONE_SURROGATES_AND_TILDES, unit)}`;
}

/** One value at so many levels below an argument. */
export function spellValue(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return '"' + spellText(value);
    case "number":
      return spellNumber(value);
    case "object":
      return value === null ? "n" : spellObject(value, depth + 1);
    case "boolean":
      return value ? "t" : "f";
    case "undefined":
      return "u";
    case "bigint":
      return `b${value.toString(16)},`;
    default:
      throw new Refusal(`a ${typeof value}`);
  }
}

function spellNumber(value: number): string {
  if ((value | 0) === value || Number.isSafeInteger(value)) return `${value},`;
  if (value !== value) return "N";
  bits.setFloat64(0, value);
  return `x${bits.getUint32(0)},${bits.getUint32(4)},`;
}

/** A string, or the name of a property. */
export function spellText(text: string): string {
  return (LENGTHS[text.length] ?? `#${text.length}:`) + text;
}

function spellObject(value: object, depth: number): string {
  if (depth > DEEPEST) throw new Refusal(`a cycle, or objects nested more than ${DEEPEST} deep`);
  if (Array.isArray(value)) return spellArray(value, depth);
  if (isRecord(value)) return spellRecord(value, depth);
  return spellInstance(value, depth);
}

/** Whether an object is plain: its own properties, if it has no other text. */
export function isRecord(value: object): value is Record<string, unknown> {
  const prototype: unknown = getPrototypeOf(value);
  return prototype === plain || prototype === null;
}

function spellArray(list: unknown[], depth: number): string {
  let text = "[";
  let index = 0;
  try {
    for (; index < list.length; index++) text += spellValue(list[index], depth);
  } catch (thrown) {
    throw located(thrown, `[${index}]`);
  }
  return text + "]";
}

function spellRecord(record: Record<string, unknown>, depth: number): string {
  return hasJson(record) ? spellJson(record, depth) : spellFields(record, depth);
}

interface WithJson {
  toJSON(): unknown;
}

/** Whether an object says itself what stands for it. */
export function hasJson(value: object): value is WithJson {
  return typeof (value as Partial<WithJson>).toJSON === "function";
}

function spellJson(value: WithJson, depth: number): string {
  try {
    return spellValue(value.toJSON(), depth);
  } catch (thrown) {
    throw located(thrown, ".toJSON()");
  }
}

/** `for`-`in` and a check are faster than `Object.keys`, which makes an array. */
function spellFields(record: Record<string, unknown>, depth: number): string {
  let text = "{";
  let name = "";
  try {
    for (name in record) {
      if (isOwn.call(record, name)) text += spellText(name) + spellValue(record[name], depth);
    }
  } catch (thrown) {
    throw located(thrown, step(name));
  }
  return text + "}";
}

function located(thrown: unknown, place: string): unknown {
  if (thrown instanceof Refusal) thrown.path = place + thrown.path;
  return thrown;
}

function step(name: string): string {
  return IDENTIFIER.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** What is neither an array nor a plain object; known by its tag, which objects of frames share. */
function spellInstance(value: object, depth: number): string {
  if (isView(value)) return spellView(value);
  switch (tagOf.call(value)) {
    case "[object Map]":
      return spellMap(value as Map<unknown, unknown>, depth);
    case "[object Set]":
      return spellSet(value as Set<unknown>, depth);
    case "[object Date]":
      return "d" + spellNumber((value as Date).getTime());
    case "[object RegExp]":
      return `r${spellText((value as RegExp).source)}${spellText((value as RegExp).flags)}`;
    case "[object URL]":
      return `l${spellText((value as URL).href)}`;
    case "[object ArrayBuffer]":
    case "[object SharedArrayBuffer]":
      return `y${spellBytes(new Uint8Array(value as ArrayBuffer))}`;
    default:
      return spellClass(value, depth);
  }
}

function spellView(view: ArrayBufferView): string {
  const bytes = spellBytes(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  const name = (view as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] ?? "";
  if (name === "Uint8Array" || name === "DataView") return `y${bytes}`;
  return `v${spellText(name)}${bytes}`;
}

function spellBytes(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return spellText(text);
}

function spellMap(map: Map<unknown, unknown>, depth: number): string {
  let text = "M";
  let index = 0;
  try {
    for (const [name, value] of map) {
      text += spellValue(name, depth) + spellValue(value, depth);
      index++;
    }
  } catch (thrown) {
    throw located(thrown, `[entry ${index}]`);
  }
  return text + "]";
}

function spellSet(set: Set<unknown>, depth: number): string {
  let text = "S";
  let index = 0;
  try {
    for (const element of set) {
      text += spellValue(element, depth);
      index++;
    }
  } catch (thrown) {
    throw located(thrown, `[element ${index}]`);
  }
  return text + "]";
}

/** An instance of a class is its `toJSON`, else its own enumerable properties if it has any. */
function spellClass(value: object, depth: number): string {
  if (hasJson(value)) return spellJson(value, depth);
  if (tagOf.call(value) !== "[object Object]") throw new Refusal(described(value));
  const fields = spellFields(value as Record<string, unknown>, depth);
  if (fields === "{}") throw new Refusal(`${described(value)} without properties of its own`);
  return fields;
}

function described(value: object): string {
  const name = (value.constructor as { name?: unknown } | undefined)?.name;
  return `an instance of ${typeof name === "string" && name !== "" ? name : "a nameless class"}`;
}
