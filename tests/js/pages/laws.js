// Plays laws where it is asked to: in this page, or in a worker beside it.

import * as library from "/pkg/index.js";
import { runLaw } from "/suite/run.mjs";

/** What was amiss beside the laws. */
globalThis.troubles = [];
addEventListener("error", ({ message }) => globalThis.troubles.push(message));
addEventListener("unhandledrejection", ({ reason }) => globalThis.troubles.push(String(reason)));

const worker = new Worker("laws-worker.js", { type: "module" });
let asked = 0;

const places = {
  page: (law) => runLaw(library, law),
  worker: (law) =>
    new Promise((resolve, reject) => {
      const id = ++asked;
      worker.addEventListener("message", function listen({ data }) {
        if (data.id !== id) return;
        worker.removeEventListener("message", listen);
        if (data.failure === undefined) resolve();
        else reject(new Error(data.failure));
      });
      worker.postMessage({ id, law });
    }),
};

/** What was amiss, or nothing. */
globalThis.play = (place, law) => places[place](law).catch((error) => `${String(error)}\n${error.stack}`);
