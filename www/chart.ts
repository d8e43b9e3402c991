/** A uPlot chart that fills its figure, follows light and dark, and says in words what it shows. Must not know its data. */
import uPlot from "uplot";
import { ink, onInkChange } from "./ink.js";

const FONT = "12px system-ui, sans-serif";

/** An axis in the page's colours. */
export function axis(own: uPlot.Axis): uPlot.Axis {
  const line = { stroke: () => ink("--line"), width: 1 };
  return { stroke: () => ink("--quiet"), grid: line, ticks: { show: false }, font: FONT, labelFont: FONT, ...own };
}

/** Draws a chart into `place`, as wide as that is. */
export function drawChart(place: HTMLElement, height: number, options: Omit<uPlot.Options, "width" | "height">, data: uPlot.AlignedData): uPlot {
  const quiet = { legend: { show: false }, cursor: { show: false }, pxAlign: 1 };
  const chart = new uPlot({ ...quiet, ...options, width: Math.max(place.clientWidth, 1), height }, data, place);
  // Where it is not shown it has no width.
  new ResizeObserver(() => place.clientWidth > 0 && chart.setSize({ width: place.clientWidth, height })).observe(place);
  onInkChange(() => chart.redraw(true, true));
  return chart;
}
