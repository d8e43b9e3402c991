/** How long calls took, by ending: bars on top of each other. Must not know how calls are made. */
import uPlot from "uplot";
import { axis, drawChart } from "./chart.js";
import { find } from "./dom.js";
import { ink, inkNameOf } from "./ink.js";
import { durationOf, endings, type Call, type Ending, type Journal } from "./journal.js";
import { tookOf } from "./words.js";

/** The upper limits of the bars, in milliseconds. */
const LIMITS = [0.1, 0.3, 1, 3, 10, 30, 100, 300, 1_000, 3_000, Infinity];
const NAMES = ["0.1 ms", "0.3", "1", "3", "10", "30", "100", "300", "1 s", "3 s", "more"];
const HEIGHT = 220;

// The tallest first: the others are drawn over it.
const stacked = [...endings].reverse();

/** Draws the calls of the journal, again at each that ends. */
export function drawHistogram(journal: Journal): void {
  const place = find("histogram", HTMLElement);
  const chart = drawChart(place, () => HEIGHT, options(), dataOf([]));
  journal.listen(() => {
    const ended = journal.calls.filter(({ ending }) => ending !== undefined);
    chart.show(dataOf(ended));
    place.setAttribute("aria-label", summaryOf(ended));
  });
}

function options(): Omit<uPlot.Options, "width" | "height"> {
  return {
    scales: { x: { time: false, range: [-0.6, LIMITS.length - 0.4] }, y: { range: (_, _low, high) => [0, Math.max(high * 1.05, 4)] } },
    axes: [axis({ size: 28, splits: () => LIMITS.map((_, bar) => bar), values: ({ width }) => NAMES.map((name, bar) => (isShown(bar, width) ? name : "")) }), axis({ size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500] })],
    series: [{}, ...stacked.map(seriesOf)],
  };
}

/** In a narrow chart every third name has room. */
function isShown(bar: number, width: number): boolean {
  return width > 480 || bar % 3 === 0;
}

function seriesOf(ending: Ending): uPlot.Series {
  const paths = uPlot.paths.bars?.({ size: [0.8, 60] });
  return { label: ending, width: 0, fill: () => ink(inkNameOf(ending)), points: { show: false }, ...(paths && { paths }) };
}

function dataOf(calls: readonly Call[]): uPlot.AlignedData {
  const counts = new Map(endings.map((ending) => [ending, countsOf(calls.filter((call) => call.ending === ending))]));
  const series = stacked.map((_, at) => LIMITS.map((_limit, bar) => sumOf(stacked.slice(at).map((ending) => counts.get(ending)?.[bar] ?? 0))));
  return [LIMITS.map((_, bar) => bar), ...series];
}

function countsOf(calls: readonly Call[]): number[] {
  const bars = calls.map((call) => LIMITS.findIndex((limit) => durationOf(call) < limit));
  return LIMITS.map((_, bar) => bars.filter((each) => each === bar).length);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function summaryOf(calls: readonly Call[]): string {
  const medians = endings.map((ending) => [ending, medianOf(calls.filter((call) => call.ending === ending))] as const);
  const shown = medians.filter(([, median]) => median !== undefined).map(([ending, median = 0]) => `${ending} ${tookOf(median)}`);
  return `How long calls took. Medians: ${shown.join(", ")}`;
}

function medianOf(calls: readonly Call[]): number | undefined {
  const sorted = calls.map((call) => durationOf(call)).sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)];
}
