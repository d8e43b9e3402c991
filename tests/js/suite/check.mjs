// Assertions for Node, pages and workers alike.

/** Fails unless both are the same value. */
export function equal(actual, expected, what = "") {
  if (!Object.is(actual, expected)) fail(`${label(what)}${show(actual)} is not ${show(expected)}`);
}

/** Fails unless both show the same: for lists and plain objects. */
export function alike(actual, expected, what = "") {
  equal(show(actual), show(expected), what);
}

/** Fails unless it holds. */
export function holds(condition, what) {
  if (!condition) fail(what);
}

/** Fails unless `text` holds every one of the patterns. */
export function tells(text, ...patterns) {
  for (const pattern of patterns) holds(pattern.test(text), `${show(text)} does not tell ${pattern}`);
}

/** What `action` throws or rejects with. */
export async function failure(action, what = "") {
  try {
    await action();
  } catch (error) {
    return error;
  }
  return fail(`${label(what)}nothing was thrown`);
}

function fail(text) {
  throw new Error(text);
}

function label(what) {
  return what === "" ? "" : `${what}: `;
}

function show(value) {
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  if (value === null || typeof value !== "object") return typeof value === "string" ? JSON.stringify(value) : literal(value);
  if (value instanceof Error) return String(value);
  return `{${Object.entries(value).map(([name, member]) => `${name}: ${show(member)}`).join(", ")}}`;
}

function literal(value) {
  if (Object.is(value, -0)) return "-0";
  return typeof value === "bigint" ? `${value}n` : String(value);
}
