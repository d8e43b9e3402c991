/** Stored values as text. Must not know where they are stored. */

const LONGEST = 2_000;
const FIRST_BYTES = 24;

/** What a value is, in the way of JSON, cut where it gets long. */
export function textOf(value: unknown): string {
  const text = value === undefined ? "undefined" : JSON.stringify(value, plain, 2);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
}

/** What JSON does not know. */
function plain(_name: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return bytesOf(value);
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Map) return { Map: [...value] };
  return value instanceof Set ? { Set: [...value] } : value;
}

function bytesOf(view: ArrayBufferView): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const rest = bytes.length > FIRST_BYTES ? " …" : "";
  return `${view.constructor.name}, ${bytes.length} bytes: ${bytes.slice(0, FIRST_BYTES).join(" ")}${rest}`;
}
