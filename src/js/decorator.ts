/** `@memoized`: one memoized function for each object the method is called on; must not know how it works. */
import { memoize } from "./memoize.js";
import type { AnyFunction, Methods, Options } from "./types.js";

type MethodDecorator<F> = <Method extends F>(method: Method, context: ClassMethodDecoratorContext) => Method;
type CacheFor = (owner: unknown) => AnyFunction;

const caches = new WeakMap<AnyFunction, CacheFor>();

/** See types.d.ts. */
export function memoized<F extends AnyFunction>(options?: Options<F>, ...misplaced: unknown[]): MethodDecorator<F> {
  if (typeof options === "function" || misplaced.length > 0) throw refusal();
  return (method, context) => {
    requireMethod(method, context);
    const cacheFor = perOwner(() => memoize<AnyFunction>(method, options));
    const face = function (this: unknown, ...args: unknown[]): unknown {
      return Reflect.apply(cacheFor(this), this, args);
    };
    Object.defineProperties(face, { name: { value: method.name }, length: { value: method.length } });
    caches.set(face, cacheFor);
    return face as unknown as typeof method;
  };
}

/** See types.d.ts. */
export function cacheOf<F extends AnyFunction>(owner: object, method: F): F & Methods<F> {
  const cacheFor = caches.get(method);
  if (cacheFor === undefined) throw new TypeError("cacheOf takes an object and its method that is decorated with @memoized");
  return cacheFor(owner) as F & Methods<F>;
}

function requireMethod(method: unknown, context: unknown): void {
  const kind = (context as { kind?: unknown } | undefined)?.kind;
  if (kind === undefined) throw refusal();
  if (kind !== "method" || typeof method !== "function") throw new TypeError("@memoized decorates methods, nothing else");
}

function refusal(): TypeError {
  return new TypeError(
    "write @memoized({…}), with parentheses: it is a standard (TC39) decorator, which experimentalDecorators turns off",
  );
}

/** Caches die with their owners. Calls on no object share the one that is made at once, which checks the options. */
function perOwner(create: () => AnyFunction): CacheFor {
  const owned = new WeakMap<object, AnyFunction>();
  const ownerless = create();
  return (owner) => {
    if (!isObject(owner)) return ownerless;
    const found = owned.get(owner) ?? create();
    owned.set(owner, found);
    return found;
  };
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
