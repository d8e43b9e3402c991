// Runs one law on one core; the same in Node, a page and a worker. How it is reported is the caller's business.

import { machine } from "./clock.mjs";
import { cores } from "./cores.mjs";
import { makeScene } from "./scene.mjs";

const LIMIT_MILLIS = 10_000;

/** Every law of a place ("node", "page", "worker") as words that `runLaw` takes, in groups: a core, and sync or async functions on it. */
export function groupsOfLaws(place) {
  const there = Object.entries(cores).filter(([, { places }]) => places.includes(place));
  return there.flatMap(([core, { laws }]) =>
    Object.entries(laws).map(([kind, list]) => ({ title: `${core}, ${kind}`, laws: list.map(({ name }) => ({ core, kind, name, sentence: sentenceOf(name) })) })),
  );
}

/** Plays a law; rejects if it does not hold, or does not end. */
export async function runLaw(library, { core, kind, name }) {
  const law = cores[core].laws[kind].find((candidate) => candidate.name === name);
  const scene = makeScene({ library, core: cores[core], kind });
  const limit = startLimit();
  try {
    await Promise.race([law(scene), limit.exceeded]);
  } finally {
    limit.stop();
    scene.close();
  }
}

function startLimit() {
  let timer;
  const exceeded = new Promise((_, reject) => {
    timer = machine.after(LIMIT_MILLIS, () => reject(new Error(`it has not ended within ${LIMIT_MILLIS} ms`)));
  });
  return { exceeded, stop: () => machine.cancel(timer) };
}

function sentenceOf(name) {
  const words = name.replace(/[A-Z]|\d+/g, (found) => ` ${found.toLowerCase()}`);
  return words.replace(/^[a-z]/, (first) => first.toUpperCase());
}
