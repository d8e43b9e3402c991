/** The documented estimate of what a value takes in memory; must not know why anyone asks. */

const SLOT = 8;
const OBJECT = 32;

/**
 * Estimates the bytes of `value`: 8 for each slot, 2 for each character, 32 for each object, the bytes of buffers and
 * blobs, and everything reachable through own data properties, array elements, map and set members. Shared objects count
 * once; functions and getters are not looked into.
 */
export function estimateSize(value: unknown): number {
  const seen = new Set<object>();
  const waiting: unknown[] = [value];
  let size = 0;
  while (waiting.length > 0) {
    const next = waiting.pop();
    size += SLOT + primitiveSize(next);
    if (!isObject(next) || seen.has(next)) continue;
    seen.add(next);
    size += guardedSize(next, waiting);
  }
  return size;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function primitiveSize(value: unknown): number {
  if (typeof value === "string") return 2 * value.length;
  return typeof value === "bigint" ? value.toString(16).length / 2 : 0;
}

/** A proxy may refuse to be looked into; a size is never worth the caller's result. */
function guardedSize(value: object, waiting: unknown[]): number {
  try {
    return objectSize(value, waiting);
  } catch {
    return OBJECT;
  }
}

function objectSize(value: object, waiting: unknown[]): number {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return OBJECT + value.byteLength;
  if (value instanceof Blob) return OBJECT + value.size;
  if (value instanceof Map || value instanceof Set) value.forEach((member, key) => waiting.push(key, member));
  return OBJECT + propertySize(value, waiting);
}

function propertySize(value: object, waiting: unknown[]): number {
  let size = 0;
  for (const name of Object.keys(value)) {
    if (!Array.isArray(value)) size += 2 * name.length;
    const property = Reflect.getOwnPropertyDescriptor(value, name);
    if (property !== undefined && "value" in property) waiting.push(property.value);
  }
  return size;
}
