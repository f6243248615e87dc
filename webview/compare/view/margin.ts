/** The space between two cards: the difference of the rewards and, for a pair, whether it is ranked correctly. */
import { percent, rewardText } from "../../../extension/display/wording";
import type { Comparison } from "../../../extension/protocol/panels/compare";
import { element, icon } from "../../shared/dom";
import { preference } from "./figures";

/** Most characters that fit between two cards. */
const longestNames = 40;

/** @returns undefined if there is only one completion, or a reward is missing */
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

/** The rewards of truncated texts do not describe the whole texts, so they get no verdict. */
function noVerdict(margin: number): HTMLElement {
  const sign = element("span", "sign cut-off", icon("warning"));
  const number = element("span", "number", sign, rewardText(margin));
  const made = element("div", "margin", number, element("span", "caption", "no verdict: text was cut off"));
  made.title = "Margin: chosen reward − rejected reward, of texts that were cut off before the end.";
  return made;
}

function pairMargin(margin: number): HTMLElement {
  const isRanked = margin > 0;
  const sign = element(
    "span",
    isRanked ? "sign ranked" : "sign misranked",
    icon(isRanked ? "check" : "cross"),
  );
  const verdict = element("span", "caption", isRanked ? "ranked correctly" : "ranked incorrectly");
  const number = element("span", "number", sign, rewardText(margin));
  const chance = preference(margin);
  const text = `${percent(chance)} for chosen`;
  const made = element("div", `margin ${isRanked ? "ranked" : "misranked"}`, number, verdict);
  made.append(preferenceBar(chance), element("span", "caption", text));
  made.title =
    "Margin: chosen reward − rejected reward. Its logistic is the probability that chosen is preferred.";
  return made;
}

/** A bar from 0 to 100%, filled from the middle: at 50% the model has no preference. */
function preferenceBar(chance: number): HTMLElement {
  const fill = element("span", "fill");
  fill.style.left = `${100 * Math.min(chance, 0.5)}%`;
  fill.style.width = `${100 * Math.abs(chance - 0.5)}%`;
  const bar = element("span", "bar", fill);
  bar.setAttribute("aria-hidden", "true");
  return bar;
}
