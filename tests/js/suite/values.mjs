// Results are handed over as they are.

import { alike, equal, failure } from "./check.mjs";

class Shape {
  #side = 3;
  get area() {
    return this.#side ** 2;
  }
}

function allKinds() {
  const cycle = [];
  cycle.push(cycle);
  const kinds = [() => 0, Symbol("s"), new Shape(), new WeakMap(), cycle, new Proxy({}, {}), Object.freeze([1]), /x/g, new Error("e"), class {}];
  const buffers = [new Uint8Array(3), new ArrayBuffer(2), new Map([[1, {}]]), new Set([{}]), new Date(0), 2n ** 70n, NaN, -0, "\ud800"];
  const nodes = typeof document === "undefined" ? [] : [document.createElement("p"), document, window];
  return [...kinds, ...buffers, ...nodes, globalThis];
}

export async function resultsAreReturnedAsTheSameObjects({ define }) {
  for (const value of allKinds()) {
    const { f, runs } = define(() => value);
    for (let call = 0; call < 3; call++) equal(await f(1), value);
    equal(await f([1]), value);
    equal(await f.peek(1), value);
    equal((await f.entries())[0].value, value);
    equal(runs(), 2);
  }
}

export async function sizesAreEstimatedWithoutRunningCode({ define }) {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const untouchable = Object.defineProperty({}, "trap", { enumerable: true, get: () => holdsNo() });
  const cycle = {};
  cycle.self = cycle;
  for (const value of [untouchable, cycle, new Map([[cycle, cycle]]), () => 0]) {
    const { f } = define(() => value, { entrySizeLimit: "1MB", metrics: true });
    equal(await f(1), value);
    equal(await f.peek(1), value);
  }
}

function holdsNo() {
  throw new Error("a getter of the value has run");
}

export async function aThenThatThrowsIsAFailure({ memoize }) {
  const f = memoize(() => Object.defineProperty({}, "then", { get: () => holdsNo() }));
  alike([(await failure(() => f(1))).message, (await f.entries()).length], ["a getter of the value has run", 0]);
}

export async function aThenThatIsNoFunctionIsAValue({ define }) {
  const value = { then: "later" };
  const { f, runs } = define(() => value);
  equal(await f(1), value);
  equal(await f(1), value);
  equal(runs(), 1);
}
