/** The toolbar: title, model, buttons to other rows, export, pickers and the threshold. */
import { metricNames, scaleOf } from "../../../extension/display/metric";
import { decimal } from "../../../extension/display/wording";
import { granularities, metrics, scales } from "../../../extension/protocol/choices";
import type {
  CompareIntent,
  CompareState,
  Comparison,
  Display,
  ExportFormat,
} from "../../../extension/protocol/panels/compare";
import { button, picker, type SelectChoice, slider } from "../../shared/controls";
import { element, icon, setText } from "../../shared/dom";

export type RowDirection = Extract<CompareIntent, { type: "go" }>["to"];

export interface ToolbarEvents {
  onDisplay(change: Partial<Display>): void;
  onGo(to: RowDirection): void;
  onExport(format: ExportFormat): void;
}

const granularityNames = {
  token: "Tokens",
  word: "Words",
  sentence: "Sentences",
  line: "Lines",
  step: "Steps",
} as const;

const scaleNames = { full: "Full scale", range: "Range shown" } as const;

export class Toolbar {
  readonly element: HTMLElement;
  readonly #title = element("h1");
  readonly #model = element("span", "model");
  readonly #place = element("span", "place");
  readonly #navigation: HTMLElement;
  readonly #goal;
  readonly #metric;
  readonly #granularity;
  readonly #scale;
  readonly #threshold;
  readonly #previous;
  readonly #next;

  constructor(events: ToolbarEvents) {
    this.#goal = picker<string>("Goal state", (goal) => events.onDisplay({ goal }));
    this.#metric = picker<Display["metric"]>("Metric", (metric) => events.onDisplay({ metric }));
    this.#granularity = picker<Display["granularity"]>("Shade by", (granularity) =>
      events.onDisplay({ granularity }),
    );
    this.#scale = picker<Display["scale"]>("Colors", (scale) => events.onDisplay({ scale }));
    this.#threshold = slider({
      label: "Low below",
      low: -1,
      high: 1,
      step: 0.01,
      text: (value) => decimal(value),
      onMove: (threshold) => events.onDisplay({ threshold }),
    });
    const go = (to: RowDirection, label: string, content: Node | string, appearance: "icon" | "secondary") =>
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
    const pickers = [this.#goal, this.#metric, this.#granularity, this.#scale, this.#threshold];
    this.element = element(
      "header",
      "toolbar",
      element("div", "row", names, this.#navigation, exports),
      element("div", "row pickers", ...pickers.map(({ element }) => element)),
    );
  }

  show(comparison: Comparison, display: Display, position: CompareState["position"]): void {
    const { title, sides, goals, rewardQuantiles } = comparison;
    const models = [...new Set(sides.map(({ model }) => model))];
    setText(this.#title, title);
    this.#title.title = title;
    setText(this.#model, models.length === 1 ? (models[0] ?? "") : `${models.length} models`);
    this.#navigation.hidden = position === null;
    if (position) {
      const numbers = [position.index + 1, position.count].map((n) => n.toLocaleString("en"));
      setText(this.#place, numbers.join(" / "));
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
    this.#scale.show(
      scales.map((value) => ({ value, name: scaleNames[value] })),
      display.scale,
    );
    const { threshold } = scaleOf(display.metric, display.threshold, rewardQuantiles);
    this.#threshold.show(threshold, display.metric === "q");
  }
}

/** Metrics that the model does not provide are disabled. */
function metricChoices({ sides, goals }: Comparison): SelectChoice<Display["metric"]>[] {
  const hasRewards = sides.some(({ tokens }) => tokens.partialRewards !== undefined);
  return metrics.map((value) => ({
    value,
    name: metricNames[value],
    isDisabled: value === "partial-reward" ? !hasRewards : goals.length === 0,
  }));
}
