// `@memoized` as esbuild and TypeScript compile it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { transform } from "esbuild";
import typescript from "typescript";
import { cacheOf, memoize, memoized } from "cachier";

const library = JSON.stringify(import.meta.resolve("cachier"));
const source = `
  import { memoized } from ${library};
  export class Shop {
    runs = 0;
    constructor(public factor: number) {}
    @memoized({ staleAfter: "1m" })
    price(item: number): number { this.runs++; return item * this.factor; }
    @memoized()
    async offer(item: number): Promise<number> { this.runs++; return item * this.factor; }
    @memoized()
    static tax(item: number): number { Shop.taxes++; return item / 10; }
    static taxes = 0;
  }
  export class Branch extends Shop {
    @memoized()
    price(item: number): number { return super.price(item) + 1; }
  }
`;

const compilers = {
  esbuild: async (text) => (await transform(text, { loader: "ts", target: "es2022", tsconfigRaw: {} })).code,
  TypeScript: async (text) => transpile(text, {}),
};

function transpile(text, options) {
  const { ES2022, ESNext } = { ...typescript.ScriptTarget, ...typescript.ModuleKind };
  return typescript.transpileModule(text, { compilerOptions: { target: ES2022, module: ESNext, ...options } }).outputText;
}

const load = (code) => import(`data:text/javascript,${encodeURIComponent(code)}`);

for (const [name, compile] of Object.entries(compilers))
  describe(`compiled by ${name}`, async () => {
    const { Shop, Branch } = await load(await compile(source));

    test("each object has a cache of its own", () => {
      const [one, other] = [new Shop(2), new Shop(3)];
      for (let call = 0; call < 2; call++) assert.deepEqual([one.price(5), other.price(5)], [10, 15]);
      assert.deepEqual([one.runs, other.runs], [1, 1]);
    });

    test("async methods share one run", async () => {
      const shop = new Shop(2);
      assert.deepEqual(await Promise.all([shop.offer(5), shop.offer(5)]), [10, 10]);
      assert.equal(shop.runs, 1);
    });

    test("static methods have the cache of their class", () => {
      assert.deepEqual([Shop.tax(50), Shop.tax(50), Shop.taxes], [5, 5, 1]);
    });

    test("a method that overrides another has its own cache", () => {
      const branch = new Branch(2);
      assert.deepEqual([branch.price(5), branch.price(5), branch.runs], [11, 11, 1]);
    });

    test("the name and length of the method are kept", () => {
      assert.deepEqual([Shop.prototype.price.name, Shop.prototype.price.length], ["price", 1]);
    });

    test("the memoized function of one object can be reached", () => {
      const [one, other] = [new Shop(2), new Shop(3)];
      one.price(5);
      other.price(5);
      assert.equal(cacheOf(one, one.price).peek(5), 10);
      cacheOf(one, one.price).clearCache();
      one.price(5);
      other.price(5);
      assert.deepEqual([one.runs, other.runs], [2, 1]);
    });
  });

describe("what cannot be decorated is refused", () => {
  const withDecorator = (body) => `import { memoized } from ${library};\nexport class Wrong { ${body} }`;

  test("the legacy decorators of TypeScript", async () => {
    const code = transpile(withDecorator("@memoized() m(): number { return 1; }"), { experimentalDecorators: true });
    await assert.rejects(load(code), /TC39.*experimentalDecorators/s);
  });

  test("a decorator without parentheses", async () => {
    await assert.rejects(load(await compilers.esbuild(withDecorator("@memoized m() { return 1; }"))), /parentheses/);
  });

  test("fields, getters and classes", async () => {
    for (const body of ["@memoized() f = 1;", "@memoized() get g() { return 1; }"])
      await assert.rejects(load(await compilers.esbuild(withDecorator(body))), /decorates methods/);
  });

  test("wrong options, when the class is defined", async () => {
    const body = '@memoized({ staleAftr: "1m" }) m() { return 1; }';
    await assert.rejects(load(await compilers.esbuild(withDecorator(body))), /staleAftr.*staleAfter/s);
  });

  test("methods that are not decorated have no cache", () => {
    assert.throws(() => cacheOf({}, () => 1), /decorated with @memoized/);
  });
});

test("calls on no object share one cache", () => {
  let runs = 0;
  const face = memoized()(function m() {
    return ++runs;
  }, { kind: "method", name: "m" });
  assert.deepEqual([face.call(undefined), face.call(1), face.call({}), face.call("text")], [1, 1, 2, 1]);
});

test("a name is warned of where two functions bear it, not where two objects have one method", (context) => {
  const warn = context.mock.method(console, "warn", () => {});
  const double = memoized({ name: "double" })((n) => 2 * n, { kind: "method" });
  for (const owner of [{}, {}]) assert.equal(Reflect.apply(double, owner, [4]), 8);
  assert.equal(warn.mock.callCount(), 0);
  memoize((n) => n + n, { name: "double" });
  assert.match(warn.mock.calls[0]?.arguments[0], /double: two functions bear this name/);
});
