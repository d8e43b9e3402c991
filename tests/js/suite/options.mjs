// Options are checked when they are given.

import { equal, failure, holds, tells } from "./check.mjs";

const AT_DEFINITION = [
  [{ staleAftr: 1 }, TypeError, /staleAftr/, /staleAfter/],
  [{ stale_after: 1 }, TypeError, /stale_after/, /staleAfter/],
  [{ ttl: 1 }, TypeError, /ttl/],
  [{ nexttime: true }, TypeError, /nexttime/, /nextTime/],
  [{ maxAge: "1h" }, TypeError, /maxAge/, /with/],
  [{ skipCache: true }, TypeError, /skipCache/, /with/],
  [{ staleAfter: "3 parsecs" }, Error, /staleAfter/, /parsecs/],
  [{ staleAfter: "" }, Error, /staleAfter/],
  [{ staleAfter: -1 }, RangeError, /staleAfter/],
  [{ staleAfter: NaN }, Error, /staleAfter/],
  [{ staleAfter: 1n }, TypeError, /staleAfter/, /bigint/],
  [{ staleAfter: null }, TypeError, /staleAfter/, /null/],
  [{ staleAfter: true }, TypeError, /staleAfter/],
  [{ nextTime: "soon" }, Error, /nextTime/, /soon/],
  [{ nextTime: {} }, TypeError, /nextTime/, /object/],
  [{ staleIfError: Symbol("s") }, TypeError, /staleIfError/, /symbol/],
  [{ allowNone: "yes" }, TypeError, /allowNone/],
  [{ waitForCalcTimeout: "x" }, Error, /waitForCalcTimeout/],
  [{ cleanupStale: 1 }, TypeError, /cleanupStale/],
  [{ cleanupInterval: 0 }, RangeError, /cleanupInterval/],
  [{ entrySizeLimit: "10 elephants" }, Error, /entrySizeLimit/, /elephants/],
  [{ maxEntries: 0 }, RangeError, /maxEntries/],
  [{ maxEntries: 1.5 }, Error, /maxEntries/],
  [{ maxEntries: "many" }, TypeError, /maxEntries/],
  [{ maxBytes: -1 }, RangeError, /maxBytes/],
  [{ key: "id" }, TypeError, /key/, /function/],
  [{ scope: 1 }, TypeError, /scope/],
  [{ name: true }, TypeError, /name/],
  [{ version: {} }, TypeError, /version/],
  [{ version: 1.1 }, RangeError, /version/, /string/],
  [{ metrics: "on" }, TypeError, /metrics/],
  [{ onEvent: true }, TypeError, /onEvent/],
  [{ clockResolution: "1s", staleAfter: 1 }, Error, /clockResolution/],
  [{ clockResolution: -1 }, RangeError, /clockResolution/],
  [{ async: "yes" }, TypeError, /async/],
  [{ core: "memry" }, RangeError, /core/, /memory/],
  [{ core: "file" }, RangeError, /core/, /file/],
  [{ core: 1 }, TypeError, /core/],
  [{ cacheDir: "/tmp" }, TypeError, /cacheDir/],
  ["1h", TypeError, /options/, /object/],
  [[], TypeError, /options/, /object/],
  [null, TypeError, /options/, /object/],
];

const AT_A_CALL = [
  [{ maxAgee: 1 }, TypeError, /maxAgee/, /maxAge/],
  [{ maxEntries: 1 }, TypeError, /maxEntries/, /memoize/],
  [{ maxAge: "long" }, Error, /maxAge/, /long/],
  [{ skipCache: 1 }, TypeError, /skipCache/],
  [{ verbose: "very" }, TypeError, /verbose/],
  [{ staleAfter: -1 }, RangeError, /staleAfter/],
  ["1h", TypeError, /options/, /object/],
  [null, TypeError, /options/, /object/],
];

const GLOBALLY = [
  [{ staleAftr: 1 }, TypeError, /staleAftr/, /staleAfter/],
  [{ key: () => 1 }, TypeError, /key/],
  [{ name: "f" }, TypeError, /name/],
  [{ skipCache: true }, TypeError, /skipCache/],
  [{ staleAfter: "x" }, Error, /staleAfter/],
  [null, TypeError, /options/, /object/],
];

async function areRefused(cases, give) {
  for (const [options, kind, ...patterns] of cases) {
    const error = await failure(() => give(options), JSON.stringify(options, (_, value) => (typeof value === "object" ? value : String(value))));
    holds(error instanceof kind, `${String(error)} for ${patterns[0]} is a ${kind.name}`);
    tells(error.message, ...patterns);
  }
}

export async function wrongOptionsAreRefusedAtTheDefinition({ library }) {
  await areRefused(AT_DEFINITION, (options) => library.memoize(() => 0, options));
}

export async function wrongOptionsOfACallAreRefusedWhenGiven({ library }) {
  const f = library.memoize(() => 0);
  await areRefused(AT_A_CALL, (options) => f.with(options));
}

export async function wrongGlobalParametersAreRefused({ library }) {
  await areRefused(GLOBALLY, (options) => library.setGlobalParams(options));
  equal(JSON.stringify(library.getGlobalParams()), "{}");
}

export async function onlyFunctionsAreMemoized({ library }) {
  for (const thing of [undefined, null, 1, "f", {}, Promise.resolve()])
    tells((await failure(() => library.memoize(thing))).message, /memoize takes a function/);
}

export async function absentOptionsAreDefaults({ counter }) {
  const { f } = counter({ staleAfter: undefined, nextTime: undefined, maxEntries: undefined, key: undefined, scope: undefined });
  await f(1);
  equal(await f(1), 1);
}

export async function whatAGetterOfTheOptionsThrowsReachesTheCaller({ library }) {
  const options = {
    get staleAfter() {
      throw new RangeError("not yours");
    },
  };
  for (const give of [library.memoize.bind(undefined, () => 0), library.memoize(() => 0).with, library.setGlobalParams])
    equal((await failure(() => give(options))).message, "not yours");
}
