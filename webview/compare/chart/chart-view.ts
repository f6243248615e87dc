/** The chart in the page: draws the curves and reports the token under the mouse. */
import { Chart } from "chart.js";
import { element } from "../../shared/dom";
import type { Theme } from "../../shared/theme";
import { chartConfig, chartData, chartOptions, type LineChart, sideColors } from "./chart-config";
import type { Marks } from "./chart-marks";
import { type Curves, curvesSentence, isSamePlot } from "./curves";

export interface ChartPoint {
  readonly side: number;
  readonly token: number;
}

export interface ChartEvents {
  onPoint(point: ChartPoint | undefined): void;
  onReveal(point: ChartPoint): void;
}

/** Duration in milliseconds. */
const quick = 150;

export class ChartView {
  readonly element: HTMLElement;
  readonly #canvas = element("canvas");
  #chart: LineChart | undefined;
  #marks: Marks | undefined;

  constructor(private readonly events: ChartEvents) {
    this.#canvas.setAttribute("role", "img");
    this.element = element("div", "canvas", this.#canvas);
    this.#canvas.addEventListener("mousemove", (event) => this.events.onPoint(this.#pointAt(event)));
    this.#canvas.addEventListener("mouseleave", () => this.events.onPoint(undefined));
    this.#canvas.addEventListener("click", (event) => {
      const point = this.#pointAt(event);
      if (point) this.events.onReveal(point);
    });
  }

  show(curves: Curves, theme: Theme): void {
    const before = this.#marks;
    const marks = { curves, theme, colors: sideColors(curves, theme), pointed: before?.pointed };
    this.#marks = marks;
    this.#canvas.setAttribute("aria-label", curvesSentence(curves));
    const animation = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : quick;
    if (!this.#chart) {
      this.#chart = new Chart(
        this.#canvas,
        chartConfig(() => this.#marks ?? marks, 0),
      );
      return;
    }
    if (before?.theme === theme && isSamePlot(before.curves, curves)) {
      // Only the threshold changed, which the marks read when they are drawn.
      this.#chart.draw();
      return;
    }
    this.#chart.data = chartData(marks);
    this.#chart.options = chartOptions(marks, animation);
    this.#chart.update();
  }

  mark(pointed: ChartPoint | undefined): void {
    if (!this.#marks) return;
    this.#marks.pointed = pointed;
    this.#chart?.draw();
  }

  /** Position of a token's point in the window; undefined if the token has no value. */
  anchor({ side, token }: ChartPoint): DOMRect | undefined {
    const value = this.#marks?.curves.curves[side]?.values[token];
    const { x, y } = this.#chart?.scales ?? {};
    if (value === undefined || !x || !y) return undefined;
    const { left, top } = this.#canvas.getBoundingClientRect();
    const size = 12;
    return new DOMRect(
      left + x.getPixelForValue(token + 1) + size / 2,
      top + y.getPixelForValue(value) - size / 2,
      size,
      size,
    );
  }

  /** The token at the horizontal position of the mouse, on the nearest curve. */
  #pointAt({ offsetX, offsetY }: MouseEvent): ChartPoint | undefined {
    const { x, y } = this.#chart?.scales ?? {};
    const curves = this.#marks?.curves.curves;
    if (!x || !y || !curves) return undefined;
    const token = Math.round(x.getValueForPixel(offsetX) ?? 0) - 1;
    const near = curves
      .flatMap(({ values }, side) => {
        const value = values[token];
        return value === undefined ? [] : [{ side, away: Math.abs(y.getPixelForValue(value) - offsetY) }];
      })
      .sort((a, b) => a.away - b.away)[0];
    return near && { side: near.side, token };
  }
}

/** The chart as a PNG data URL; width and height in CSS pixels. */
export function chartPicture(curves: Curves, theme: Theme, width: number, height: number): string {
  const canvas = element("canvas");
  canvas.width = width;
  canvas.height = height;
  const marks: Marks = { curves, theme, colors: sideColors(curves, theme), pointed: undefined };
  const config = chartConfig(() => marks, 0);
  const chart = new Chart(canvas, {
    ...config,
    options: { ...config.options, responsive: false, devicePixelRatio: 2 },
  });
  const picture = chart.toBase64Image("image/png");
  chart.destroy();
  return picture;
}
