// Builds the arguments that a vector of vectors.json describes; knows nothing of keys.
// What a description means is written in check_vectors.py.

class Instance {
  constructor(entries) {
    for (const [name, value] of entries) this[name] = value;
  }
}

const builders = {
  $float: (bits) => float(bits),
  $bigint: (digits) => BigInt(digits),
  $undefined: () => undefined,
  $units: (units) => units.replace(/..../g, (unit) => String.fromCharCode(parseInt(unit, 16))),
  $bytes: (digits) => bytes(digits),
  $buffer: (digits) => bytes(digits).buffer,
  $view: (digits) => new DataView(bytes(`ff${digits}ff`).buffer, 1, digits.length / 2),
  $typed: ([name, digits]) => new globalThis[name](bytes(digits).buffer),
  $holes: (length) => new Array(length),
  $object: (entries) => Object.fromEntries(entries.map(([name, value]) => [build(name), build(value)])),
  $bare: (entries) => Object.assign(Object.create(null), builders.$object(entries)),
  $instance: (entries) => new Instance(entries.map(([name, value]) => [build(name), build(value)])),
  $json: (value) => ({ toJSON: () => build(value) }),
  $map: (entries) => new Map(entries.map(([name, value]) => [build(name), build(value)])),
  $set: (elements) => new Set(elements.map(build)),
  $date: (milliseconds) => new Date(milliseconds ?? NaN),
  $regexp: ([source, flags]) => new RegExp(source, flags),
  $url: (text) => new URL(text),
  $deep: (depth) => (depth === 0 ? [] : [builders.$deep(depth - 1)]),
  $repeat: ([text, times]) => text.repeat(times),
  $range: (length) => Array.from({ length }, (_, index) => index),
};

function bytes(digits) {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function float(bits) {
  return new DataView(bytes(bits).buffer).getFloat64(0);
}

function build(description) {
  if (Array.isArray(description)) return description.map(build);
  if (description === null || typeof description !== "object") return description;
  const [[kind, content]] = Object.entries(description);
  return builders[kind](content);
}

/** The arguments of the call that `vector` is about. */
export function vectorArguments(vector) {
  return vector.arguments.map(build);
}
