/** The scale of the shading, from lowest to highest, with a tick where red changes to blue. */
import { buckets } from "../../../extension/display/color";
import type { Scale } from "../../../extension/display/metric";
import { decimal } from "../../../extension/display/wording";
import { element } from "../dom";

export class Legend {
  readonly element = element("span", "legend");
  readonly #low = document.createTextNode("");
  readonly #high = document.createTextNode("");
  readonly #note = document.createTextNode("");
  readonly #ramp = element("span", "ramp");

  constructor() {
    const swatches = element("span", "swatches");
    for (let bucket = 0; bucket < buckets; bucket++) {
      const swatch = element("span", "swatch");
      swatch.dataset.bucket = `${bucket}`;
      swatches.append(swatch);
    }
    this.#ramp.append(this.#low, swatches, this.#high);
    this.#ramp.setAttribute("role", "img");
    this.element.append(element("span", "note", this.#note), this.#ramp);
  }

  /** @param values the values that are shaded */
  show(scale: Scale, name: string, values: readonly (number | undefined)[]): void {
    const { low, threshold, high, middle } = scale;
    const isRange = middle !== undefined;
    this.#low.data = isRange ? decimal(low) : short(low);
    this.#high.data = isRange ? decimal(high) : short(high);
    this.#note.data = noteOf(scale, name, values);
    const parts = isRange ? `the middle ${decimal(middle)}` : `the threshold ${decimal(threshold)}`;
    this.#ramp.setAttribute(
      "aria-label",
      `${name}: red from ${this.#low.data} up to ${parts}, blue from there to ${this.#high.data}`,
    );
    this.#ramp.title = isRange ? `Tick: ${decimal(middle)}` : `Tick: threshold ${decimal(threshold)}`;
  }
}

/** Share of the full scale below which differences are hard to see. */
const narrow = 0.15;

function noteOf(scale: Scale, name: string, values: readonly (number | undefined)[]): string {
  const known = values.filter((value) => value !== undefined);
  if (known.length === 0) return "";
  const least = known.reduce((a, b) => Math.min(a, b));
  const most = known.reduce((a, b) => Math.max(a, b));
  if (scale.middle !== undefined) {
    const which =
      most < scale.threshold ? "all tokens are" : least >= scale.threshold ? "no token is" : undefined;
    const low = which === undefined ? "" : `; ${which} below the threshold ${decimal(scale.threshold)}`;
    return `Colors span only the range shown here${low}`;
  }
  return known.length > 1 && most - least < narrow * (scale.high - scale.low)
    ? `${name} is between ${decimal(least)} and ${decimal(most)}: set Colors to Range shown to see differences`
    : "";
}

function short(value: number): string {
  return Number.isInteger(value) ? decimal(value, 0) : decimal(value, 1);
}
