/** The comparison as a static page: the same strips and figures, with the chart as an image and no scripts. */
import { metricNames } from "../../../extension/display/metric";
import { decimal } from "../../../extension/display/wording";
import type { Comparison, Display } from "../../../extension/protocol/panels/compare";
import { css } from "../../shared/contrast";
import { element } from "../../shared/dom";
import { shadingRules } from "../../shared/strip/shading";
import type { Theme } from "../../shared/theme";
import { chartPicture } from "../chart/chart-view";
import { type Curves, curvesSentence } from "../chart/curves";
import { pageStyle, pageWidth } from "./export-style";

export interface ExportPage {
  readonly title: string;
  /** A `<div class="page">` that is not in the document. */
  readonly body: HTMLElement;
  /** Rules that apply only inside the page. */
  readonly style: string;
  /** Background color of the page, to be used around it too. */
  readonly ground: string;
}

const chartHeight = 260;
/** Left and right padding of page and card together, in CSS pixels. */
const padding = 86;

/** @param view the element that shows the comparison */
export function exportPage(
  { title, sides, prompt }: Comparison,
  display: Display,
  view: HTMLElement,
  curves: Curves,
  theme: Theme,
): ExportPage {
  const models = [...new Set(sides.map(({ model }) => model))].join(" · ");
  const shown = [
    metricNames[display.metric],
    ...(display.goal === "" ? [] : [`goal state ${display.goal}`]),
    `low below ${decimal(curves.scale.threshold)}`,
  ].join(" · ");
  const image = element("img");
  image.alt = curvesSentence(curves);
  image.src = chartPicture(curves, theme, pageWidth - padding, chartHeight);
  const body = element(
    "div",
    "page",
    element("h1", "", title),
    element("p", "about", models),
    element("p", "about", shown),
    ...(prompt === "" ? [] : [element("div", "prompt", prompt)]),
    ...copies(view, ".pair"),
    element("div", "card chart", ...copies(view, ".key"), image),
  );
  const style = [pageStyle(theme), shadingRules(theme)].join("\n");
  return { title, body, style, ground: css(theme.background) };
}

function copies(view: HTMLElement, selector: string): HTMLElement[] {
  return [...view.querySelectorAll<HTMLElement>(selector)].map((part) => {
    const copy = part.cloneNode(true) as HTMLElement;
    for (const node of copy.querySelectorAll<HTMLElement>(".strip, .unit")) makeStill(node);
    return copy;
  });
}

/** Removes focus and roles from a unit, and turns its label for screen readers into a tooltip. */
function makeStill(node: HTMLElement): void {
  node.classList.remove("pointed", "counterpart");
  if (node.matches(".unit")) node.title = node.getAttribute("aria-label") ?? "";
  for (const name of ["role", "tabindex", "aria-label", "aria-selected", "aria-orientation", "data-unit"])
    node.removeAttribute(name);
}
