/** A uPlot chart that fills its figure, and follows light and dark. Must not know its data. */
import uPlot from "uplot";
import { ink, onInkChange } from "./ink.js";

const FONT = "12px system-ui, sans-serif";

/** An axis in the page's colours. */
export function axis(own: uPlot.Axis): uPlot.Axis {
  const line = { stroke: () => ink("--line"), width: 1 };
  return { stroke: () => ink("--quiet"), grid: line, ticks: { show: false }, font: FONT, labelFont: FONT, ...own };
}

/** What can be done with a chart that is there. */
export interface Chart {
  /** Shows other data. */
  show(data: uPlot.AlignedData): void;
  /** Draws the same again. */
  redraw(): void;
  /** Takes the size that its place and its height come to now. */
  fit(): void;
}

/** Draws a chart into `place`, as wide as that is. */
export function drawChart(place: HTMLElement, height: () => number, options: Omit<uPlot.Options, "width" | "height">, data: uPlot.AlignedData): Chart {
  const quiet = { legend: { show: false }, cursor: { show: false } };
  const plot = new uPlot({ ...quiet, ...options, width: Math.max(place.clientWidth, 1), height: height() }, data, place);
  const fit = (): void => {
    // Where it is not shown it has no width.
    if (place.clientWidth === 0) return;
    plot.setSize({ width: place.clientWidth, height: height() });
    plot.setData(plot.data);
  };
  new ResizeObserver(fit).observe(place);
  onInkChange(() => plot.redraw(true, true));
  return { show: (shown) => plot.setData(shown), redraw: () => plot.redraw(false), fit };
}
