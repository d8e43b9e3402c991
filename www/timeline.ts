/** The last half minute as bars in lanes, live while there is something to see. Must not know what the bars stand for. */
import type uPlot from "uplot";
import { axis, drawChart } from "./chart.js";
import { ink } from "./ink.js";
import { moment, type Span } from "./journal.js";

const SECONDS = 30;
const LANE_HEIGHT = 22;
const AXIS_HEIGHT = 40;
const SHORTEST_BAR = 4;
const MILLIS_BETWEEN_FRAMES = matchMedia("(prefers-reduced-motion: reduce)").matches ? 1_000 : 50;

/** A bar: in which lane, and of what colour. */
export interface Bar extends Span {
  readonly lane: string;
  readonly color: string;
}

/** What is drawn: looked at for each frame. */
export interface Scene {
  lanes(): readonly string[];
  bars(): readonly Bar[];
}

/** Draws a scene into `place`. */
export function drawTimeline(place: HTMLElement, scene: Scene): void {
  const chart = drawChart(place, () => heightOf(scene), optionsOf(scene), [
    [-SECONDS, 0],
    [null, null],
  ]);
  let drawn = "";
  setInterval(() => {
    if (place.clientWidth === 0 || document.hidden) return;
    const lanes = scene.lanes().join();
    const isMoving = scene.bars().some((bar) => isVisible(bar, moment()));
    if (lanes !== drawn) chart.fit();
    else if (isMoving) chart.redraw();
    drawn = lanes;
  }, MILLIS_BETWEEN_FRAMES);
}

function heightOf(scene: Scene): number {
  return scene.lanes().length * LANE_HEIGHT + AXIS_HEIGHT;
}

function optionsOf(scene: Scene): Omit<uPlot.Options, "width" | "height"> {
  const lanes = (): readonly string[] => scene.lanes();
  return {
    scales: { x: { time: false, range: [-SECONDS, 0] }, y: { range: () => [-0.5, lanes().length - 0.5], dir: -1 } },
    axes: [
      axis({ size: 28, values: (_, splits) => splits.map((seconds) => (seconds === 0 ? "now" : `${seconds} s`)) }),
      axis({ size: 84, splits: () => lanes().map((_, lane) => lane), values: () => [...lanes()] }),
    ],
    series: [{}, { points: { show: false } }],
    hooks: { draw: [(chart) => drawBars(chart, scene)] },
  };
}

function drawBars(chart: uPlot, scene: Scene): void {
  const [now, lanes] = [moment(), scene.lanes()];
  const { left, top, width, height } = chart.bbox;
  chart.ctx.save();
  chart.ctx.beginPath();
  chart.ctx.rect(left, top, width, height);
  chart.ctx.clip();
  for (const bar of scene.bars()) if (isVisible(bar, now)) drawBar(chart, bar, lanes.indexOf(bar.lane), now);
  chart.ctx.restore();
}

function drawBar({ ctx, valToPos }: uPlot, bar: Bar, lane: number, now: number): void {
  const { start, end = now, color } = bar;
  const [from, to] = [valToPos((start - now) / 1_000, "x", true), valToPos((end - now) / 1_000, "x", true)];
  const height = LANE_HEIGHT * 0.6 * devicePixelRatio;
  ctx.fillStyle = ink(color);
  ctx.globalAlpha = 0.85;
  ctx.fillRect(from, valToPos(lane, "y", true) - height / 2, Math.max(to - from, SHORTEST_BAR * devicePixelRatio), height);
}

function isVisible({ end = Infinity }: Span, now: number): boolean {
  // A second longer, so that the last frame shows that it is gone.
  return now - end < (SECONDS + 1) * 1_000;
}
