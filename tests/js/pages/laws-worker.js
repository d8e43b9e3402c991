// The same laws in a dedicated worker.

import * as library from "/pkg/index.js";
import { runLaw } from "/suite/run.mjs";

onmessage = async ({ data: { id, law } }) => {
  const failure = await runLaw(library, law).then(() => undefined, (error) => `${String(error)}\n${error.stack}`);
  postMessage({ id, failure });
};
