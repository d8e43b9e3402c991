/** The last half minute: each call as a bar in the lane of its ending, each run of a function beneath. Must not know how calls are made. */
import type uPlot from "uplot";
import { axis, drawChart } from "./chart.js";
import { find } from "./dom.js";
import { inkOf } from "./ink.js";
import { endings, type Journal, type Span } from "./journal.js";
import { countOf } from "./words.js";

const SECONDS = 30;
const LANES = [...endings, "under way", "run"];
const LANE_HEIGHT = 22;
const SHORTEST_BAR = 4;
const MILLIS_BETWEEN_FRAMES = matchMedia("(prefers-reduced-motion: reduce)").matches ? 1_000 : 50;

/** Draws the journal, live while there is something to see. */
export function drawTimeline(journal: Journal): void {
  const place = find("timeline", HTMLElement);
  const chart = drawChart(place, LANES.length * LANE_HEIGHT + 40, optionsOf(journal), [
    [-SECONDS, 0],
    [null, null],
  ]);
  const draw = (): void => {
    if (place.offsetParent !== null) chart.redraw(false);
  };
  setInterval(() => isAnyVisible(journal) && draw(), MILLIS_BETWEEN_FRAMES);
  journal.listen(() => place.setAttribute("aria-label", summaryOf(journal)));
}

function optionsOf(journal: Journal): Omit<uPlot.Options, "width" | "height"> {
  const lanes = LANES.map((_, lane) => lane);
  return {
    scales: { x: { time: false, range: [-SECONDS, 0] }, y: { range: [-0.5, LANES.length - 0.5], dir: -1 } },
    axes: [
      axis({ size: 28, values: (_, splits) => splits.map((seconds) => (seconds === 0 ? "now" : `${seconds} s`)) }),
      axis({ size: 84, splits: () => lanes, values: () => LANES }),
    ],
    series: [{}, { show: true, points: { show: false } }],
    hooks: { draw: [(chart) => drawBars(chart, journal)] },
  };
}

function drawBars(chart: uPlot, { calls, runs }: Journal): void {
  const now = performance.now();
  const { left, top, width, height } = chart.bbox;
  chart.ctx.save();
  chart.ctx.beginPath();
  chart.ctx.rect(left, top, width, height);
  chart.ctx.clip();
  for (const call of calls) drawBar(chart, call, call.ending ?? "under way", now);
  for (const run of runs) drawBar(chart, run, "run", now);
  chart.ctx.restore();
}

function drawBar({ ctx, valToPos }: uPlot, { start, end = Infinity }: Span, lane: string, now: number): void {
  if (!isVisible({ start, end }, now)) return;
  const [from, to] = [start, Math.min(end, now)].map((moment) => valToPos((moment - now) / 1_000, "x", true)) as [number, number];
  const height = LANE_HEIGHT * 0.6 * devicePixelRatio;
  ctx.fillStyle = inkOf(lane);
  ctx.globalAlpha = lane === "under way" ? 0.5 : 0.85;
  ctx.fillRect(from, valToPos(LANES.indexOf(lane), "y", true) - height / 2, Math.max(to - from, SHORTEST_BAR * devicePixelRatio), height);
}

function isVisible({ end = Infinity }: Span, now: number): boolean {
  return now - end < (SECONDS + 1) * 1_000;
}

function isAnyVisible({ calls, runs }: Journal): boolean {
  const now = performance.now();
  return [calls, runs].some((spans) => spans.some((span) => isVisible(span, now)));
}

function summaryOf({ calls }: Journal): string {
  const counts = endings.map((ending) => [ending, calls.filter((call) => call.ending === ending).length] as const);
  const shown = counts.filter(([, count]) => count > 0).map(([ending, count]) => `${count} ${ending}`);
  return `The calls of the last ${SECONDS} seconds as bars. In all ${countOf(calls.length, "call", "calls")}: ${shown.join(", ")}`;
}
