/** What the types of a memoized function must be; checked by the compiler, never run. */
import { expectTypeOf } from "expect-type";
import { memoize, type Entry, type Metrics, type Provenance } from "../../../src/js/types.js";

interface User {
  id: number;
}

declare function fetchUser(id: number, isDetailed?: boolean): Promise<User>;
declare function add(left: number, right: number): number;
declare function first<Item>(items: readonly Item[]): Item | undefined;
declare function parse(text: string): string;
declare function parse(text: string, radix: number): number;
declare function greet(this: User, greeting: string): string;

const getUser = memoize(fetchUser, { staleAfter: "1h", nextTime: true, maxEntries: 10 });
const sum = memoize(add);

// The function's own type is kept: parameters, result, type parameters, overloads, `this`.
expectTypeOf(getUser).parameters.toEqualTypeOf<[id: number, isDetailed?: boolean]>();
expectTypeOf(getUser(1)).toEqualTypeOf<Promise<User>>();
expectTypeOf(sum(1, 2)).toEqualTypeOf<number>();
expectTypeOf(memoize(first)(["a"])).toEqualTypeOf<string | undefined>();
expectTypeOf(memoize(parse)("1")).toEqualTypeOf<string>();
expectTypeOf(memoize(parse)("1", 10)).toEqualTypeOf<number>();
expectTypeOf(memoize(greet)).thisParameter.toEqualTypeOf<User>();
expectTypeOf(memoize((id: number) => ({ id }))(1)).toEqualTypeOf<{ id: number }>();
// @ts-expect-error a number is wanted
sum("1", 2);

// The methods speak of settled values.
expectTypeOf(getUser.peek(1)).toEqualTypeOf<User | undefined>();
expectTypeOf(getUser.precacheValue([1], { id: 1 })).toEqualTypeOf<{ id: number }>();
expectTypeOf(getUser.entries()).toEqualTypeOf<Entry<User>[]>();
expectTypeOf(getUser.trace(1)).toEqualTypeOf<Promise<Provenance<User>>>();
expectTypeOf(sum.trace(1, 2)).toEqualTypeOf<Provenance<number>>();
expectTypeOf(sum.remove(1, 2)).toEqualTypeOf<boolean>();
expectTypeOf(sum.keyOf(1, 2)).toEqualTypeOf<string>();
expectTypeOf(sum.metrics()).toEqualTypeOf<Metrics | null>();
expectTypeOf(sum.cacheDpath()).toEqualTypeOf<null>();
expectTypeOf(sum.idle()).toEqualTypeOf<Promise<void>>();
// @ts-expect-error the arguments stand in an array
sum.precacheValue(1, 2, 3);
// @ts-expect-error the value is settled
getUser.precacheValue([1], Promise.resolve({ id: 1 }));

// A view has the function's type, and `trace`.
expectTypeOf(getUser.with({ maxAge: "5m" })(1)).toEqualTypeOf<Promise<User>>();
expectTypeOf(sum.with({ skipCache: true }).trace(1, 2)).toEqualTypeOf<Provenance<number>>();
expectTypeOf(memoize(parse).with({})("1", 10)).toEqualTypeOf<number>();
// @ts-expect-error no option of one call
sum.with({ maxEntries: 1 });

// Options are checked; `key` sees the function's parameters and `this`.
memoize(fetchUser, { key: (id) => id, scope: () => "tenant", staleIfError: "1d" });
memoize(greet, {
  key(greeting) {
    expectTypeOf(greeting).toEqualTypeOf<string>();
    expectTypeOf(this).toEqualTypeOf<User>();
    return this.id;
  },
});
memoize(add, { onEvent: ({ type, args }) => { console.log(type, args.length); } });
// @ts-expect-error no such option
memoize(add, { staleAftr: 1 });
// @ts-expect-error a duration is a number or a text
memoize(add, { staleAfter: true });
// @ts-expect-error not in JavaScript
memoize(add, { core: "file" });
// @ts-expect-error not a function
memoize(1);
