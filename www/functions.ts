/** The slow functions that can be called: their arguments, what their results look like, and how they may misbehave. Knows no cache. */
import { make } from "./dom.js";
import { readFile, type Letter } from "./functions/file.js";
import { COLUMNS, drawTile, pictureOf, placeNames, ROWS, type Place } from "./functions/mandelbrot.js";
import { countPrimes } from "./functions/primes.js";
import { groupedOf } from "./words.js";

/** An argument, chosen from a list. */
export interface Parameter {
  readonly label: string;
  readonly choices: readonly (readonly [label: string, value: unknown])[];
  readonly initial: number;
}

/** Any of the functions, for those who only pass arguments on. */
export type AnyWork = (...args: unknown[]) => unknown;

/** One slow function. */
export interface Work {
  readonly name: string;
  readonly title: string;
  readonly parameters: readonly Parameter[];
  readonly run: AnyWork;
  /** What a result looks like. */
  readonly show: (value: unknown) => Node;
}

/** What the function does: its work, nothing, or worse. */
export const moods = ["gives its result", "gives undefined", "throws"] as const;

export type Mood = (typeof moods)[number];

export const tile: Work = {
  name: "drawTile",
  title: "A Mandelbrot tile",
  parameters: [
    { label: "Place", choices: placeNames.map((name) => [name, name]), initial: 0 },
    { label: "Iterations", choices: [1_000, 4_000, 16_000].map(numberChoice), initial: 1 },
  ],
  run: async (place, iterations) => drawTile(place as Place, iterations as number),
  show: (value) => canvasOf(value as Uint8Array),
};

const primes: Work = {
  name: "countPrimes",
  title: "A prime count, in WebAssembly",
  parameters: [{ label: "Below", choices: [500_000, 1_000_000, 2_000_000, 5_000_000].map(numberChoice), initial: 2 }],
  run: (limit) => countPrimes(limit as number),
  show: (value) => make("p", { className: "figure" }, `${groupedOf(value as number)} primes`),
};

const file: Work = {
  name: "readFile",
  title: "A file, read slowly",
  parameters: [
    { label: "File", choices: ["weather.json", "prices.json", "note.txt"].map((name) => [name, name]), initial: 0 },
    { label: "Delay", choices: [300, 800, 3_000].map((millis) => [`${millis} ms`, millis]), initial: 1 },
  ],
  run: (name, delay) => readFile(name as string, delay as number),
  show: (value) => letterOf(value as Letter),
};

export const works: readonly Work[] = [tile, primes, file];

function numberChoice(value: number): [string, number] {
  return [groupedOf(value), value];
}

function canvasOf(shades: Uint8Array): HTMLCanvasElement {
  const canvas = make("canvas", { width: COLUMNS, height: ROWS });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "A part of the Mandelbrot set");
  canvas.getContext("2d")?.putImageData(pictureOf(shades), 0, 0);
  return canvas;
}

function letterOf({ text, readAt }: Letter): HTMLElement {
  const read = make("p", { className: "help" }, `Read from the server at ${readAt.toTimeString().slice(0, 8)}.`);
  return make("div", {}, make("pre", {}, text), read);
}

/** What surrounds each run. */
export interface Watcher {
  readonly mood: () => Mood;
  /** A run begins; what is returned is called at its end. */
  readonly begin: () => () => void;
}

const AsyncFunction = Object.getPrototypeOf(tile.run) as object;

/** The same function, watched: it stays what it is, an `async function` or none. */
export function watched(run: AnyWork, watcher: Watcher): AnyWork {
  const outer: AnyWork = (...args) => runOnce(run, args, watcher);
  // eslint-disable-next-line @typescript-eslint/require-await -- What it throws at once is to reject.
  return Object.getPrototypeOf(run) === AsyncFunction ? async (...args) => outer(...args) : outer;
}

function runOnce(run: AnyWork, args: unknown[], { mood, begin }: Watcher): unknown {
  const end = begin();
  let result: unknown;
  try {
    result = misbehaving(mood()) ? undefined : run(...args);
  } finally {
    if (!(result instanceof Promise)) end();
  }
  return result instanceof Promise ? result.finally(end) : result;
}

function misbehaving(mood: Mood): boolean {
  if (mood === "throws") throw new Error("it was asked to throw");
  return mood === "gives undefined";
}
