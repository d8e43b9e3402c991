/** How much of its time an entry has left, as a bar, where this page knows how long that is. Must not know where entries lie. */
import { make } from "./dom.js";
import { ageOf } from "./words.js";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A duration that the library has accepted, in milliseconds; without end where none was given. */
export function millisOf(duration: unknown): number {
  if (typeof duration === "number") return duration;
  const parts = [...String(duration).matchAll(/([\d.]+)\s*(ms|mil|[smhdw])/gi)];
  return parts.length === 0 ? Infinity : parts.reduce((sum, [, count, unit]) => sum + Number(count) * unitOf(unit ?? ""), 0);
}

function unitOf(unit: string): number {
  return UNITS[unit.toLowerCase()] ?? 1;
}

/** An empty cell, for {@link showFreshness} to fill. */
export function freshnessCell(): HTMLTableCellElement {
  const bar = make("span", { className: "bar" });
  bar.append(make("span"));
  bar.setAttribute("aria-hidden", "true");
  return make("td", { className: "freshness" }, bar, make("span"));
}

/** Shows what is left of `limit` at this age; undefined: nobody here knows the limit. */
export function showFreshness(cell: HTMLElement, age: number, limit: number | undefined): void {
  const [bar, text] = cell.children as unknown as [HTMLElement, HTMLElement];
  const left = limit === undefined ? 0 : shareOf(age, limit);
  bar.hidden = limit === undefined;
  bar.style.setProperty("--left", String(left));
  cell.dataset["fresh"] = limit === undefined ? "unknown" : left > 0 ? "yes" : "no";
  text.textContent = limit === undefined ? "limit not known here" : wordsFor(limit - age);
}

function shareOf(age: number, limit: number): number {
  return limit === Infinity ? 1 : Math.max(0, 1 - age / limit);
}

function wordsFor(left: number): string {
  if (left === Infinity) return "never stale";
  return left > 0 ? `fresh for ${ageOf(left)}` : "stale";
}
