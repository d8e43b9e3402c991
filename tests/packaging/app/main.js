import { check } from "./check.js";

const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
const answer = new Promise((resolve) => {
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => resolve(`the worker failed: ${message}`);
});

globalThis.outcome = { page: await check(), worker: await answer };
