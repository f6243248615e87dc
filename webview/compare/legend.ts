/** The scale of the shading: lowest to highest, with a tick at the threshold. */
import { buckets } from "../../extension/display/color";
import type { Scale } from "../../extension/display/metric";
import { decimal } from "../../extension/display/wording";
import { element } from "../shared/dom";

export function legend({ low, threshold, high }: Scale, name: string): HTMLElement {
  const swatches = element("span", "swatches");
  for (let bucket = 0; bucket < buckets; bucket++) {
    const swatch = element("span", "swatch");
    swatch.dataset.bucket = `${bucket}`;
    swatches.append(swatch);
  }
  const made = element("span", "legend", short(low), swatches, short(high));
  made.setAttribute("role", "img");
  made.setAttribute(
    "aria-label",
    `${name}: red from ${short(low)} up to the threshold ${decimal(threshold)}, blue from there to ${short(high)}`,
  );
  made.title = `Tick: threshold ${decimal(threshold)}`;
  return made;
}

function short(value: number): string {
  return Number.isInteger(value) ? decimal(value, 0) : decimal(value, 1);
}
