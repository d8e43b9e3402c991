// What a law plays on: functions to memoize, a clock, the console; knows no law.

import { fakeClock } from "./clock.mjs";

/** No two laws share a name, in whichever page or worker: two functions of one name share entries. */
const place = Math.random().toString(36).slice(2);
let scenes = 0;
let names = 0;

/** `kind` is "sync" or "async"; `core` is one of cores.mjs. */
export function makeScene({ library, core, kind }) {
  const { options: coreOptions, storesRest } = core;
  const clock = fakeClock(storesRest);
  const console = listenToConsole();

  const prefix = `scene ${++scenes} of ${place}, `;

  /** Memoizes `fn` on the core under test; no other scene has its name. */
  const memoize = (fn, { name = `function ${++names}`, ...options } = {}) => library.memoize(fn, { name: prefix + name, ...coreOptions, ...options });

  /** Memoizes a function of the kind under test that does `body`, and counts its runs. */
  function define(body, options) {
    let count = 0;
    const run = (...args) => body(++count, ...args);
    const fn = kind === "async" ? async (...args) => run(...args) : run;
    return { f: memoize(fn, options), runs: () => count };
  }

  /** An async function that takes so much time, and then gives what `body` does with the number of the run. */
  function slow(millis, options, body = (number) => number) {
    let count = 0;
    const fn = async (...args) => {
      const number = ++count;
      await clock.sleep(millis);
      return body(number, ...args);
    };
    return { f: memoize(fn, options), runs: () => count };
  }

  return {
    library,
    clock,
    console,
    kind,
    memoize,
    define,
    slow,
    /** Memoizes a function whose result is the number of the run. */
    counter: (options) => define((number) => number, options),
    close() {
      library.enableCaching();
      console.restore();
      clock.remove();
    },
  };
}

/** Records what is said, in place of saying it. */
function listenToConsole() {
  const { warn, log } = console;
  const warnings = [];
  const lines = [];
  console.warn = (...words) => void warnings.push(words.join(" "));
  console.log = (...words) => void lines.push(words.join(" "));
  return { warnings, lines, restore: () => void Object.assign(console, { warn, log }) };
}
