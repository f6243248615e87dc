/** The configuration that chart.js draws the chart from. */
import {
  Chart,
  type ChartConfiguration,
  Decimation,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
} from "chart.js";
import { metricNames } from "../../../extension/display/metric";
import { decimal } from "../../../extension/display/wording";
import { css, type Rgb } from "../../shared/contrast";
import type { Theme } from "../../shared/theme";
import { type Marks, marksPlugin, namesWidth } from "./chart-marks";
import { boundsOf, type Curve, type Curves } from "./curves";

/** Registers only the parts of chart.js that the chart uses, which keeps the bundle small. */
export function registerChart(): void {
  Chart.register(LineController, LineElement, PointElement, LinearScale, Decimation);
}

export type LineChart = Chart<"line", Point[]>;

interface Point {
  readonly x: number;
  readonly y: number;
}

export function sideColors({ isPair }: Curves, theme: Theme): readonly Rgb[] {
  return isPair ? [theme.high, theme.low] : [theme.first, theme.second];
}

/** @param read returns the current marks each time the chart is drawn */
export function chartConfig(read: () => Marks, animationMs: number): ChartConfiguration<"line", Point[]> {
  return {
    type: "line",
    data: chartData(read()),
    options: chartOptions(read(), animationMs),
    plugins: [marksPlugin(read)],
  };
}

export function chartData({ curves, theme, colors }: Marks): ChartConfiguration<"line", Point[]>["data"] {
  return {
    datasets: curves.curves.map((curve, side) => ({
      data: points(curve),
      borderColor: css(colors[side] ?? theme.foreground),
      borderWidth: 2,
      // The dashed curve is drawn over the solid one, so both are visible if they coincide.
      order: -side,
      borderJoinStyle: "round" as const,
      // The second curve is dashed, so color is not the only difference.
      borderDash: side === 0 ? [] : [7, 3],
      pointRadius: curve.values.length === 1 ? 3 : 0,
      pointHoverRadius: 0,
      segment: {
        // The shared beginning is one line in a neutral color.
        borderColor: ({ p1 }: { readonly p1: { readonly parsed: { readonly x: number | null } } }) =>
          (p1.parsed.x ?? 0) <= curves.shared ? css(theme.dim) : undefined,
        borderDash: ({ p1 }: { readonly p1: { readonly parsed: { readonly x: number | null } } }) =>
          (p1.parsed.x ?? 0) <= curves.shared ? [] : undefined,
      },
    })),
  };
}

/** Points of a curve: x is the 1-based token, and a missing value leaves a gap. */
function points({ values }: Curve): Point[] {
  return values.map((value, i) => ({ x: i + 1, y: value ?? Number.NaN }));
}

export function chartOptions(
  { curves, theme }: Marks,
  animationMs: number,
): NonNullable<ChartConfiguration<"line", Point[]>["options"]> {
  const { min, max } = boundsOf(curves);
  const digits = max - min < 0.1 ? 3 : max - min < 1 ? 2 : 1;
  const longest = Math.max(2, ...curves.curves.map(({ values }) => values.length));
  const font = { family: theme.font, size: 11 };
  const color = css(theme.dim);
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: animationMs === 0 ? false : { duration: animationMs },
    // Points are already sorted and in the format that chart.js uses internally.
    parsing: false,
    normalized: true,
    events: [],
    layout: { padding: ({ chart }) => ({ top: 8, right: namesWidth(curves, theme.font, chart.width) }) },
    plugins: { decimation: { enabled: true, algorithm: "min-max" } },
    scales: {
      x: {
        type: "linear",
        min: 1,
        max: longest,
        grid: { display: false },
        border: { color: css(theme.dim, 0.2) },
        ticks: { color: color, font, precision: 0, maxTicksLimit: 12, maxRotation: 0 },
        title: { display: true, text: "token", color: color, font, padding: 0 },
      },
      y: {
        type: "linear",
        min,
        max,
        grid: { color: css(theme.dim, 0.2), drawTicks: false },
        border: { display: false },
        ticks: {
          color: color,
          font,
          padding: 8,
          maxTicksLimit: 5,
          callback: (value) => decimal(Number(value), digits),
        },
        title: { display: true, text: metricNames[curves.metric], color: color, font, padding: 0 },
      },
    },
  };
}
