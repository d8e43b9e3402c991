/** The global functions and the decorator, and that the implementation is what the types promise; checked, never run. */
import { expectTypeOf } from "expect-type";
import type * as implementation from "../../../src/js/index.js";
import type * as inspectImplementation from "../../../src/js/inspect.js";
import * as inspect from "../../../src/js/inspect.types.js";
import type * as slimImplementation from "../../../src/js/slim.js";
import type * as slim from "../../../src/js/slim.types.js";
import * as cachier from "../../../src/js/types.js";

const { cacheOf, clearAll, getGlobalParams, memoized, setGlobalParams } = cachier;

type Functions<Module> = { [Name in keyof Module]: Module[Name] };

// The types are written by hand: what runs must offer the same.
expectTypeOf<keyof Functions<typeof implementation>>().toEqualTypeOf<keyof Functions<typeof cachier>>();
expectTypeOf<keyof Functions<typeof slimImplementation>>().toEqualTypeOf<keyof Functions<typeof slim>>();
expectTypeOf<keyof Functions<typeof inspectImplementation>>().toEqualTypeOf<keyof Functions<typeof inspect>>();
expectTypeOf<Functions<typeof inspectImplementation>>().toExtend<Functions<typeof inspect>>();
expectTypeOf<typeof implementation.memoize>().toExtend<typeof cachier.memoize>();
expectTypeOf<typeof implementation.memoized>().toExtend<typeof cachier.memoized>();
expectTypeOf<typeof implementation.cacheOf>().toExtend<typeof cachier.cacheOf>();
expectTypeOf<typeof implementation.setGlobalParams>().toEqualTypeOf<typeof cachier.setGlobalParams>();
expectTypeOf<typeof implementation.getGlobalParams>().toEqualTypeOf<typeof cachier.getGlobalParams>();
expectTypeOf<typeof slimImplementation.init>().toExtend<typeof slim.init>();

setGlobalParams({ staleAfter: "1d", nextTime: "1h", allowNone: true });
expectTypeOf(getGlobalParams().staleAfter).toEqualTypeOf<cachier.Duration | undefined>();
expectTypeOf(clearAll).returns.toEqualTypeOf<Promise<void>>();
// @ts-expect-error a name is no global parameter
setGlobalParams({ name: "all" });

class Shop {
  readonly currency = "EUR";

  @memoized({ staleAfter: "1m" })
  price(item: string): string {
    return `${item} ${this.currency}`;
  }

  @memoized({ key: (order: { id: number }) => order.id })
  async total(order: { id: number }): Promise<number> {
    return Promise.resolve(order.id);
  }

  @memoized()
  static open(): Shop {
    return new Shop();
  }

  // @ts-expect-error a field is not a method
  @memoized()
  tax = 1;
}

const shop = Shop.open();
expectTypeOf(shop.price("tea")).toEqualTypeOf<string>();
expectTypeOf(shop.total({ id: 1 })).toEqualTypeOf<Promise<number>>();
expectTypeOf(cacheOf(shop, shop.price).peek("tea")).toEqualTypeOf<string | undefined>();

for (const cache of await inspect.listCaches()) {
  expectTypeOf(cache.core).toEqualTypeOf<"indexeddb" | "localstorage">();
  for (const entry of await inspect.listEntries(cache)) {
    expectTypeOf(entry.args).toEqualTypeOf<string | undefined>();
    expectTypeOf(inspect.readValue(cache, entry)).toEqualTypeOf<Promise<unknown>>();
    expectTypeOf(inspect.removeEntry({ core: "indexeddb", id: "f" }, { name: entry.name })).toEqualTypeOf<Promise<boolean>>();
  }
  expectTypeOf(inspect.clearCache(cache)).toEqualTypeOf<Promise<void>>();
}
expectTypeOf(inspect.onChange).parameter(0).parameter(0).toEqualTypeOf<Pick<inspect.CacheInfo, "core" | "id">>();
expectTypeOf(inspect.onChange).returns.toEqualTypeOf<() => void>();
expectTypeOf((await inspect.storageInfo())?.quota).toEqualTypeOf<number | undefined>();
// @ts-expect-error files are not the browser's
void inspect.listEntries({ core: "file", id: "f" });
