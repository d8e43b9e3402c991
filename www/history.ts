/** The playground's timeline: each call in the lane of its ending, each run of a function beneath. Must not know how calls are made. */
import { find } from "./dom.js";
import { inkNameOf } from "./ink.js";
import { endings, type Journal } from "./journal.js";
import { drawTimeline, type Bar } from "./timeline.js";
import { countOf } from "./words.js";

const LANES = [...endings, "under way", "run"];

/** Draws what the journal holds. */
export function drawHistory(journal: Journal): void {
  const place = find("timeline", HTMLElement);
  drawTimeline(place, { lanes: () => LANES, bars: () => barsOf(journal) });
  journal.listen(() => place.setAttribute("aria-label", summaryOf(journal)));
}

function barsOf({ calls, runs }: Journal): Bar[] {
  const called = calls.map(({ start, end, ending }) => bar(ending ?? "under way", start, end));
  return [...called, ...runs.map(({ start, end }) => bar("run", start, end))];
}

function bar(lane: string, start: number, end: number | undefined): Bar {
  return { lane, color: inkNameOf(lane), start, ...(end !== undefined && { end }) };
}

function summaryOf({ calls }: Journal): string {
  const counts = endings.map((ending) => [ending, calls.filter((call) => call.ending === ending).length] as const);
  const shown = counts.filter(([, count]) => count > 0).map(([ending, count]) => `${count} ${ending}`);
  return `The calls of the last half minute as bars. In all ${countOf(calls.length, "call", "calls")}: ${shown.join(", ")}`;
}
