// The page: asks the memoized function and shows what came of each call.

import { memoize } from "/pkg/index.js";
import { draw, places } from "./mandelbrot.js";

const LONGEST_LIST = 200;
const find = (id) => document.getElementById(id);
const [form, picture, list] = [find("controls"), find("picture"), find("calls")];
let calls = 0;

const paint = memoize(draw, { name: "draw", maxBytes: "64MB", metrics: true });

for (const name of Object.keys(places)) form.elements.place.append(new Option(name));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void call(wanted());
});
find("many").addEventListener("click", () => void callAtOnce(64));
find("clear").addEventListener("click", clear);
showMetrics();

/** What the controls ask for: the arguments of the call and its rules. */
function wanted() {
  const { place, detail, staleAfter, nextTime } = form.elements;
  const iterations = 250 * 2 ** Number(detail.value);
  const rules = { nextTime: nextTime.checked, ...(staleAfter.value === "" ? {} : { staleAfter: durationOf(staleAfter.value) }) };
  const size = { columns: picture.width, rows: picture.height, iterations };
  return { label: `${place.value} (${iterations})`, args: [places[place.value], size], rules };
}

function durationOf(text) {
  return text === "0" ? 0 : text;
}

async function call({ label, args, rules }) {
  const { result, millis } = await timed(() => paint.with(rules).trace(...args));
  show({ label, millis, ...result });
  void paint.idle().then(showMetrics);
}

async function callAtOnce(count) {
  const { label, args, rules } = wanted();
  const { trace } = paint.with(rules);
  const { result, millis } = await timed(() => Promise.all(Array.from({ length: count }, () => trace(...args))));
  for (const [outcome, same] of groupedByOutcome(result)) show({ label: same.length === 1 ? label : `${same.length} × ${label}`, millis, ...same[0], outcome });
}

function groupedByOutcome(traces) {
  const found = new Map();
  for (const trace of traces) found.set(trace.outcome, [...(found.get(trace.outcome) ?? []), trace]);
  return found;
}

function clear() {
  paint.clearCache();
  find("latest").textContent = "The cache is empty: the next call calculates.";
  showMetrics();
}

async function timed(action) {
  const start = performance.now();
  const result = await action();
  return { result, millis: performance.now() - start };
}

function show({ label, value, outcome, age, millis }) {
  picture.getContext("2d").putImageData(value, 0, 0);
  const [old, took] = [age > 0 ? seconds(age) : "new", milliseconds(millis)];
  find("latest").textContent = `${label}: ${outcome}, ${age > 0 ? `${old} old` : old}, in ${took}.`;
  list.prepend(rowOf(outcome, [`${++calls}. ${label}`, outcome, old, took]));
  while (list.rows.length > LONGEST_LIST) list.deleteRow(-1);
  showMetrics();
}

function rowOf(outcome, texts) {
  const row = document.createElement("tr");
  row.dataset.outcome = outcome;
  for (const text of texts) row.insertCell().textContent = text;
  return row;
}

function showMetrics() {
  const { hits, staleHits, computed, waited, refreshes, entries, bytes } = paint.metrics();
  const shown = { hits, "stale hits": staleHits, computed, waited, refreshes, entries, "in memory": `${(bytes / 1e6).toFixed(1)} MB` };
  find("metrics").replaceChildren(...Object.entries(shown).map(([name, value]) => figure(name, value)));
}

function figure(name, value) {
  const pair = document.createElement("div");
  const [term, description] = [document.createElement("dt"), document.createElement("dd")];
  [term.textContent, description.textContent] = [name, String(value)];
  pair.append(term, description);
  return pair;
}

function seconds(millis) {
  return `${(millis / 1_000).toFixed(1)} s`;
}

function milliseconds(millis) {
  return `${millis.toFixed(millis < 10 ? 2 : 0)} ms`;
}
