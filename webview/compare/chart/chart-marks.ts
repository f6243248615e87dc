/** Marks around the curves: the low area, the divergence of the texts, the pointed token, the curves' names. */
import type { Chart, Plugin } from "chart.js";
import { css, type Rgb } from "../../shared/contrast";
import type { Theme } from "../../shared/theme";
import type { Curves } from "./curves";

export interface Marks {
  curves: Curves;
  theme: Theme;
  colors: readonly Rgb[];
  /** Index of the pointed token and of its side. */
  pointed: { readonly side: number; readonly token: number } | undefined;
}

const labelGap = 8;
const labelHeight = 15;
/** Chart width in pixels below which the names are left to the key. */
const narrow = 440;

/** @param read returns the current marks each time the chart is drawn */
export function marksPlugin(read: () => Marks): Plugin<"line"> {
  return {
    id: "marks",
    beforeDatasetsDraw: (chart) => {
      drawLowArea(chart, read());
      drawDivergence(chart, read());
    },
    afterDatasetsDraw: (chart) => {
      drawNames(chart, read());
      drawPointed(chart, read());
    },
  };
}

function drawLowArea({ ctx, chartArea, scales }: Chart, { curves, theme }: Marks): void {
  const y = scales.y?.getPixelForValue(curves.scale.threshold) ?? 0;
  const top = Math.min(Math.max(y, chartArea.top), chartArea.bottom);
  ctx.save();
  if (!theme.isHighContrast) {
    ctx.fillStyle = css(theme.low, 0.09);
    ctx.fillRect(chartArea.left, top, chartArea.width, chartArea.bottom - top);
  }
  if (y >= chartArea.top && y <= chartArea.bottom)
    line(ctx, [chartArea.left, y, chartArea.right, y], css(theme.dim), [6, 4]);
  ctx.fillStyle = css(theme.dim);
  ctx.font = `11px ${theme.font}`;
  ctx.textBaseline = "top";
  if (chartArea.bottom - top > labelHeight) ctx.fillText("low", chartArea.left + 6, top + 4);
  ctx.restore();
}

function drawDivergence({ ctx, chartArea, scales }: Chart, { curves, theme }: Marks): void {
  if (curves.divergence === undefined) return;
  const x = scales.x?.getPixelForValue(curves.divergence + 1) ?? 0;
  ctx.save();
  line(ctx, [x, chartArea.top, x, chartArea.bottom], css(theme.dim), [2, 3]);
  ctx.restore();
}

/** Draws each curve's name at its end; names that would overlap are moved apart. */
function drawNames(chart: Chart, { curves, theme, colors }: Marks): void {
  const { ctx, chartArea } = chart;
  if (!hasNames(curves, chart.width)) return;
  const ends = curves.curves.flatMap(({ label, values }, side) => {
    const last = values.findLastIndex((value) => value !== undefined);
    const place = last < 0 ? undefined : pixelOf(chart, curves, side, last);
    return place ? [{ label, side, ...place }] : [];
  });
  ends.sort((a, b) => a.y - b.y);
  ctx.save();
  ctx.font = `12px ${theme.font}`;
  ctx.textBaseline = "middle";
  let free = chartArea.top;
  ends.forEach(({ label, side, x, y }, i) => {
    dot(ctx, x, y, 2.5, css(colors[side] ?? theme.foreground));
    const below = (ends.length - 1 - i) * labelHeight;
    const at = Math.min(Math.max(y, free), chartArea.bottom - labelHeight / 2 - below);
    ctx.fillStyle = css(theme.foreground);
    ctx.fillText(shortened(label), x + labelGap, at);
    free = at + labelHeight;
  });
  ctx.restore();
}

function drawPointed(chart: Chart, { curves, theme, colors, pointed }: Marks): void {
  if (!pointed) return;
  const { ctx, chartArea, scales } = chart;
  const x = scales.x?.getPixelForValue(pointed.token + 1) ?? 0;
  ctx.save();
  line(ctx, [x, chartArea.top, x, chartArea.bottom], css(theme.foreground, 0.7), []);
  curves.curves.forEach((_, side) => {
    const place = pixelOf(chart, curves, side, pointed.token);
    if (!place) return;
    const color = css(colors[side] ?? theme.foreground);
    dot(ctx, place.x, place.y, side === pointed.side ? 5 : 3.5, color, css(theme.card));
  });
  ctx.restore();
}

function pixelOf(
  { scales }: Chart,
  { curves }: Curves,
  side: number,
  token: number,
): { readonly x: number; readonly y: number } | undefined {
  const value = curves[side]?.values[token];
  if (value === undefined || !scales.x || !scales.y) return undefined;
  return { x: scales.x.getPixelForValue(token + 1), y: scales.y.getPixelForValue(value) };
}

/** Whether names are drawn: a narrow chart has them only in its key. */
function hasNames({ curves }: Curves, chartWidth: number): boolean {
  return curves.length > 1 && chartWidth >= narrow;
}

/** Width of the curves' names to the right of the chart area, in pixels. */
export function namesWidth(curves: Curves, font: string, chartWidth: number): number {
  if (!hasNames(curves, chartWidth)) return 8;
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return 80;
  context.font = `12px ${font}`;
  const widths = curves.curves.map(({ label }) => context.measureText(shortened(label)).width);
  return Math.max(...widths) + labelGap + 4;
}

function shortened(label: string): string {
  return label.length > 20 ? `${label.slice(0, 19)}…` : label;
}

type Context = Chart["ctx"];

function line(
  ctx: Context,
  [x1, y1, x2, y2]: readonly [number, number, number, number],
  color: string,
  dash: number[],
): void {
  ctx.beginPath();
  ctx.setLineDash(dash);
  ctx.lineWidth = 1;
  ctx.strokeStyle = color;
  // A one-pixel line is sharp only if it is centered on a pixel.
  ctx.moveTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
  ctx.lineTo(Math.round(x2) + 0.5, Math.round(y2) + 0.5);
  ctx.stroke();
  ctx.setLineDash([]);
}

function dot(ctx: Context, x: number, y: number, radius: number, color: string, ring?: string): void {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = color;
  ctx.fill();
  if (ring === undefined) return;
  ctx.lineWidth = 2;
  ctx.strokeStyle = ring;
  ctx.stroke();
}
