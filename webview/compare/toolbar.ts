/** What is shown and how: name and model, way through the pairs, export; pickers and the threshold. */

import { metricNames, scaleOf } from "../../extension/display/metric";
import { decimal } from "../../extension/display/wording";
import { granularities, metrics } from "../../extension/protocol/choices";
import type { Comparison, Display, WebviewMessage } from "../../extension/protocol/compare";
import { button, type Choice, picker, slider } from "../shared/controls";
import { element, icon } from "../shared/dom";

export type Direction = Extract<WebviewMessage, { type: "go" }>["to"];
export type ExportFormat = Extract<WebviewMessage, { type: "exported" }>["format"];

export interface ToolbarEvents {
  onDisplay(change: Partial<Display>): void;
  onGo(to: Direction): void;
  onExport(format: ExportFormat): void;
}

const granularityNames = {
  token: "Tokens",
  word: "Words",
  sentence: "Sentences",
  line: "Lines",
  step: "Steps",
} as const;

export class Toolbar {
  readonly element: HTMLElement;
  readonly #title = element("h1");
  readonly #model = element("span", "model");
  readonly #place = element("span", "place");
  readonly #navigation: HTMLElement;
  readonly #goal;
  readonly #metric;
  readonly #granularity;
  readonly #threshold;
  readonly #previous;
  readonly #next;

  constructor(events: ToolbarEvents) {
    this.#goal = picker<string>("Goal state", (goal) => events.onDisplay({ goal }));
    this.#metric = picker<Display["metric"]>("Metric", (metric) => events.onDisplay({ metric }));
    this.#granularity = picker<Display["granularity"]>("Shade by", (granularity) =>
      events.onDisplay({ granularity }),
    );
    this.#threshold = slider({
      label: "Low below",
      low: -1,
      high: 1,
      step: 0.01,
      text: (value) => decimal(value),
      onMove: (threshold) => events.onDisplay({ threshold }),
    });
    const go = (to: Direction, label: string, content: Node | string, appearance: "icon" | "secondary") =>
      button({ label, content, appearance, onClick: () => events.onGo(to) });
    this.#previous = go("previous", "Previous pair (P)", icon("left"), "icon");
    this.#next = go("next", "Next pair (N)", icon("right"), "icon");
    const misranked = go("next-misranked", "Next misranked pair (M)", "Next misranked", "secondary");
    this.#navigation = element(
      "div",
      "group",
      this.#previous.element,
      this.#place,
      this.#next.element,
      misranked.element,
    );
    const save = (format: ExportFormat, name: string): HTMLElement =>
      button({
        label: `Export as ${name}`,
        content: name,
        appearance: "secondary",
        onClick: () => events.onExport(format),
      }).element;
    const exports = element(
      "div",
      "group",
      element("span", "name", "Export"),
      save("png", "PNG"),
      save("html", "HTML"),
    );
    const names = element("div", "names", this.#title, this.#model);
    const pickers = [this.#goal, this.#metric, this.#granularity, this.#threshold];
    this.element = element(
      "header",
      "toolbar",
      element("div", "row", names, this.#navigation, exports),
      element("div", "row pickers", ...pickers.map(({ element }) => element)),
    );
  }

  show(comparison: Comparison, display: Display): void {
    const { title, sides, position, goals, rewardQuantiles } = comparison;
    const models = [...new Set(sides.map(({ model }) => model))];
    this.#title.textContent = title;
    this.#title.title = title;
    this.#model.textContent = models.length === 1 ? (models[0] ?? "") : `${models.length} models`;
    this.#navigation.hidden = position === null;
    if (position) {
      this.#place.textContent = `${(position.index + 1).toLocaleString("en")} / ${position.count.toLocaleString("en")}`;
      this.#previous.enable(position.index > 0);
      this.#next.enable(position.index < position.count - 1);
    }
    const goalChoices = goals.map((goal) => ({ value: goal, name: goal }));
    this.#goal.show(goals.length > 0 ? goalChoices : [{ value: "", name: "none" }], display.goal);
    this.#metric.show(metricChoices(comparison), display.metric);
    this.#granularity.show(
      granularities.map((value) => ({ value, name: granularityNames[value] })),
      display.granularity,
    );
    const { threshold } = scaleOf(display.metric, display.threshold, rewardQuantiles);
    this.#threshold.show(threshold, display.metric === "q");
  }
}

/** A metric that the model does not give cannot be picked. */
function metricChoices({ sides, goals }: Comparison): Choice<Display["metric"]>[] {
  const hasRewards = sides.some(({ tokens }) => tokens.some(({ partialReward }) => partialReward !== null));
  return metrics.map((value) => ({
    value,
    name: metricNames[value],
    isDisabled: value === "partial-reward" ? !hasRewards : goals.length === 0,
  }));
}
