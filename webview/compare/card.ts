/** One completion: its reward and figures, its warnings, its token strip. */

import { decimal, percent, rewardText } from "../../extension/display/wording";
import type { Side } from "../../extension/protocol/compare";
import { element, icon } from "../shared/dom";
import type { ShadedText } from "../shared/strip/shaded-text";
import { unitSentence } from "../shared/strip/token-details";
import { type StripEvents, TokenStrip } from "../shared/strip/token-strip";
import { figuresOf } from "./figures";

export interface CardOptions {
  readonly divergence: number | undefined;
  /** Where the sides were scored by different models. */
  readonly showModel: boolean;
  readonly showValues: boolean;
}

export class Card {
  readonly element: HTMLElement;
  readonly strip: TokenStrip;
  readonly #heading = element("h2");
  readonly #figures = element("div", "figures");
  readonly #warnings = element("ul", "warnings");
  readonly #body = element("div", "body");

  constructor(label: string, events: StripEvents) {
    this.strip = new TokenStrip(`Tokens of ${label}`, events);
    this.#body.append(this.strip.element);
    this.element = element("section", "card", this.#heading, this.#figures, this.#warnings, this.#body);
    this.element.setAttribute("aria-label", label);
  }

  show(shaded: ShadedText, { divergence, showModel, showValues }: CardOptions): void {
    const { side } = shaded;
    // A model's name stands as it is.
    const label = element("span", showModel ? "" : "label", side.label);
    this.#heading.replaceChildren(label);
    if (showModel) this.#heading.append(element("span", "model", modelBeside(side)));
    this.#figures.replaceChildren(reward(side.reward), element("div", "list", ...figureItems(shaded)));
    this.#warnings.replaceChildren(
      ...side.warnings.map((warning) => element("li", "", icon("warning"), element("span", "", warning))),
    );
    this.#warnings.hidden = side.warnings.length === 0;
    this.strip.show(shaded, {
      divergence,
      showValues,
      describe: (unit) => unitSentence(shaded, unit),
    });
  }
}

function reward(value: number | null): HTMLElement {
  const made = element("span", "reward", value === null ? "–" : rewardText(value));
  made.title = "Reward";
  made.prepend(element("span", "visually-hidden", "reward "));
  return made;
}

/** A side that is named after its model has that name once. */
function modelBeside({ label, model }: Side): string {
  return model.startsWith(label) ? model.slice(label.length).replace(/^ · /, "") : model;
}

function figureItems(shaded: ShadedText): HTMLElement[] {
  const { lowestQ, meanQ, lowTokens } = figuresOf(shaded);
  const { side, display } = shaded;
  const items: HTMLElement[] = [];
  if (side.percentile !== null) items.push(figure("better than", percent(side.percentile)));
  if (lowestQ !== undefined) items.push(figure("lowest Q", decimal(lowestQ), lowestQ < display.threshold));
  if (meanQ !== undefined) items.push(figure("mean Q", decimal(meanQ), meanQ < display.threshold));
  if (lowTokens !== undefined) items.push(figure("low tokens", `${lowTokens} of ${side.tokens.length}`));
  return items;
}

function figure(name: string, value: string, isLow = false): HTMLElement {
  return element("span", "figure", `${name} `, element("b", isLow ? "low" : "", value));
}
