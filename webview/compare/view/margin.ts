/** Between two completions: how far their rewards are apart, and whether the chosen one is ahead. */

import { percent, rewardText } from "../../../extension/display/wording";
import type { Comparison } from "../../../extension/protocol/panels/compare";
import { element, icon } from "../../shared/dom";
import { preference } from "./figures";

/** Characters that have room between two cards. */
const longestNames = 40;

/** undefined if there is only one completion, or no reward. */
export function marginView({ sides, margin }: Comparison): HTMLElement | undefined {
  if (margin !== null)
    return sides.some(({ truncated }) => truncated > 0) ? noVerdict(margin) : pairMargin(margin);
  const [first, second] = sides;
  if (!first || !second || first.reward === null || second.reward === null) return undefined;
  const difference = element("span", "number", rewardText(second.reward - first.reward));
  const names = `${second.label} − ${first.label}`;
  const caption = element("span", "caption", names.length <= longestNames ? names : "second − first");
  const made = element("div", "margin", difference, caption);
  made.title = `Difference of the rewards: ${names}`;
  return made;
}

/** Rewards of texts that were cut off say nothing of the texts. */
function noVerdict(margin: number): HTMLElement {
  const sign = element("span", "sign cut-off", icon("warning"));
  const number = element("span", "number", sign, rewardText(margin));
  const made = element("div", "margin", number, element("span", "caption", "no verdict: text was cut off"));
  made.title = "Margin: chosen reward − rejected reward, of texts that were cut off before their end.";
  return made;
}

function pairMargin(margin: number): HTMLElement {
  const isRanked = margin > 0;
  const sign = element(
    "span",
    isRanked ? "sign ranked" : "sign misranked",
    icon(isRanked ? "check" : "cross"),
  );
  const verdict = element("span", "caption", isRanked ? "ranked correctly" : "misranked");
  const number = element("span", "number", sign, rewardText(margin));
  const chance = preference(margin);
  const text = `${percent(chance)} for chosen`;
  const made = element("div", `margin ${isRanked ? "ranked" : "misranked"}`, number, verdict);
  made.append(preferenceBar(chance), element("span", "caption", text));
  made.title =
    "Margin: chosen reward − rejected reward. Its logistic is the probability that chosen is preferred.";
  return made;
}

/** From 0 to 100%, filled from the middle, where the model cannot tell. */
function preferenceBar(chance: number): HTMLElement {
  const fill = element("span", "fill");
  fill.style.left = `${100 * Math.min(chance, 0.5)}%`;
  fill.style.width = `${100 * Math.abs(chance - 0.5)}%`;
  const bar = element("span", "bar", fill);
  bar.setAttribute("aria-hidden", "true");
  return bar;
}
