// Holds an example to what its comment says; in Node and in pages, so it asks neither for anything.

/** Throws unless what a call gave is what the comment beside it says. */
export function promised(given, wanted) {
  if (given instanceof Promise) return given.then((value) => promised(value, wanted));
  const [shown, expected] = [given, wanted].map(text);
  if (shown !== expected) throw new Error(`the example says ${expected}, and it is ${shown}`);
  return given;
}

function text(value) {
  const plain = (_key, part) => (typeof part === "bigint" ? `${part}n` : part);
  return JSON.stringify(value, plain) ?? String(value);
}
