/** The card of one completion: reward, figures, warnings and token strip. */
import { decimal, percent, rewardText } from "../../../extension/display/wording";
import type { Side } from "../../../extension/protocol/panels/compare";
import { element, icon } from "../../shared/dom";
import type { ShadedText } from "../../shared/strip/shaded-text";
import { unitSentence } from "../../shared/strip/token-details";
import { type StripEvents, TokenStrip } from "../../shared/strip/token-strip";
import { figuresOf } from "./figures";

export interface CardOptions {
  readonly divergence: number | undefined;
  readonly showValues: boolean;
  /** Sentences shown in addition to the warnings of the side. */
  readonly warnings: readonly string[];
}

export class Card {
  readonly element: HTMLElement;
  readonly strip: TokenStrip;
  readonly #warnings = element("ul", "warnings");
  readonly #better = new Figure("better than");
  readonly #lowest = new Figure("lowest Q");
  readonly #mean = new Figure("mean Q");
  readonly #low = new Figure("low tokens");

  constructor(side: Side, showModel: boolean, events: StripEvents) {
    this.strip = new TokenStrip(`Tokens of ${side.label}`, events);
    // Only labels are capitalized; a model's name is shown as it is.
    const heading = element("h2", "", element("span", showModel ? "" : "label", side.label));
    if (showModel) heading.append(element("span", "model", modelBeside(side)));
    const figures = [this.#better, this.#lowest, this.#mean, this.#low].map(({ element }) => element);
    this.element = element(
      "section",
      "card",
      heading,
      element("div", "figures", reward(side.reward), element("div", "list", ...figures)),
      this.#warnings,
      element("div", "body", this.strip.element),
    );
    this.element.setAttribute("aria-label", side.label);
  }

  show(shaded: ShadedText, { divergence, showValues, warnings }: CardOptions): void {
    const { side, display } = shaded;
    const { lowestQ, meanQ, lowTokens } = figuresOf(shaded);
    const isLow = (q: number | undefined): boolean => q !== undefined && q < display.threshold;
    this.#better.show(side.percentile === null ? undefined : percent(side.percentile));
    this.#lowest.show(lowestQ === undefined ? undefined : decimal(lowestQ), isLow(lowestQ));
    this.#mean.show(meanQ === undefined ? undefined : decimal(meanQ), isLow(meanQ));
    this.#low.show(lowTokens === undefined ? undefined : `${lowTokens} of ${side.tokens.ids.length}`);
    this.#warn([...side.warnings, ...warnings]);
    this.strip.show(shaded, {
      divergence,
      showValues,
      describe: (unit) => unitSentence(shaded, unit),
    });
  }

  #warn(warnings: readonly string[]): void {
    const shown = [...this.#warnings.children].map(({ textContent }) => textContent);
    if (shown.length === warnings.length && shown.every((text, i) => text === warnings[i])) return;
    this.#warnings.replaceChildren(
      ...warnings.map((warning) => element("li", "", icon("warning"), element("span", "", warning))),
    );
    this.#warnings.hidden = warnings.length === 0;
  }
}

/** A named number that is updated in place. */
class Figure {
  readonly element: HTMLElement;
  readonly #value = document.createTextNode("");
  readonly #sign = element("b", "", this.#value);

  constructor(name: string) {
    this.element = element("span", "figure", `${name} `, this.#sign);
  }

  /** @param value undefined hides the figure */
  show(value: string | undefined, isLow = false): void {
    this.element.hidden = value === undefined;
    this.#value.data = value ?? "";
    this.#sign.classList.toggle("low", isLow);
  }
}

function reward(value: number | null): HTMLElement {
  const made = element("span", "reward", value === null ? "–" : rewardText(value));
  made.title = "Reward";
  made.prepend(element("span", "visually-hidden", "reward "));
  return made;
}

/** The model of a side, without the part that the label already shows. */
function modelBeside({ label, model }: Side): string {
  return model.startsWith(label) ? model.slice(label.length).replace(/^ · /, "") : model;
}
