/** A comparison in the page: prompt, cards with their margin, and chart. The pointed token is marked in all of them. */
import { metricNames } from "../../../extension/display/metric";
import { divergence } from "../../../extension/display/spans";
import type { Comparison, Display, Side } from "../../../extension/protocol/panels/compare";
import { element } from "../../shared/dom";
import { Legend } from "../../shared/strip/legend";
import { type ShadedText, shadeTexts } from "../../shared/strip/shaded-text";
import { detailsSentence, tokenDetails } from "../../shared/strip/token-details";
import type { Theme } from "../../shared/theme";
import { Tooltip } from "../../shared/tooltip";
import { type ChartPoint, ChartView } from "../chart/chart-view";
import { type Curves, curvesOf } from "../chart/curves";
import { Card } from "./card";
import { lackOfGoal } from "./lack-of-goal";
import { marginView } from "./margin";

export interface ComparisonEvents {
  onPoint(side: number, token: number | undefined): void;
  onReveal(point: ChartPoint): void;
}

type Source = "strip" | "chart" | "host";

/** Most units whose values are written below them; with more, the strip becomes too long. */
const mostValues = 1500;
/** Delay in milliseconds, so that tokens the mouse only crosses are not read aloud. */
const announceAfterMs = 300;

export class ComparisonView {
  readonly element = element("main", "comparison");
  readonly #tooltip = new Tooltip();
  readonly #live = element("div", "visually-hidden");
  readonly #chart: ChartView;
  readonly #keyItems = element("span", "items");
  readonly #colorLegend = new Legend();
  readonly #key = element("div", "key", this.#keyItems, this.#colorLegend.element);
  #cards: Card[] = [];
  #comparison: Comparison | undefined;
  #texts: ShadedText[] = [];
  #curves: Curves | undefined;
  #pointed: ChartPoint | undefined;
  #announcing: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly events: ComparisonEvents) {
    this.#live.setAttribute("role", "status");
    this.#chart = new ChartView({
      onPoint: (point) => this.#point(point, "chart"),
      onReveal: (point) => events.onReveal(point),
    });
  }

  get curves(): Curves | undefined {
    return this.#curves;
  }

  show(comparison: Comparison, display: Display, theme: Theme): void {
    const isNew = comparison !== this.#comparison;
    const { sides, rewardQuantiles, margin } = comparison;
    const [first, second] = sides;
    const parts = first && second ? divergence(first.tokens.ids, second.tokens.ids) : undefined;
    if (isNew) this.#build(comparison);
    this.#comparison = comparison;
    this.#texts = shadeTexts(sides, display, rewardQuantiles, this.#texts);
    this.#texts.forEach((text, i) => {
      const showValues = sides.length === 1 && text.units.length <= mostValues;
      const warnings = lackOfGoal(text.side, display.goal);
      this.#cards[i]?.show(text, { divergence: parts, showValues, warnings });
    });
    this.#curves = curvesOf(this.#texts, parts, margin !== null);
    if (!this.#curves) return;
    this.#chart.show(this.#curves, theme);
    if (isNew) this.#keyItems.replaceChildren(...keyItems(this.#curves));
    const values = this.#texts.flatMap((text) => text.values);
    this.#colorLegend.show(this.#curves.scale, metricNames[display.metric], values);
  }

  /** Marks a token on behalf of the host and scrolls to it, without reporting it back. */
  markFromHost(side: number, token: number | null): void {
    this.#point(token === null ? undefined : { side, token }, "host");
  }

  hideTooltip(): boolean {
    const wasShown = !this.#tooltip.element.hidden;
    this.#tooltip.hide();
    return wasShown;
  }

  #build(comparison: Comparison): void {
    const { sides, prompt } = comparison;
    const focused = this.#cards.findIndex(({ strip }) => strip.focusedToken !== undefined);
    const token = this.#cards[focused]?.strip.focusedToken ?? 0;
    const isSameRow = this.#comparison?.title === comparison.title;
    const scrolled = this.#cards.map(({ element }) => element.querySelector(".body")?.scrollTop ?? 0);
    this.#point(undefined, "host");
    const isOneModel = new Set(sides.map(({ model }) => model)).size < 2;
    this.#cards = sides.map((side, i) => this.#makeCard(side, i, !isOneModel));
    const middle = marginView(comparison);
    const [first, second] = this.#cards.map(({ element }) => element);
    const pair = element("div", `pair sides-${sides.length}`);
    pair.append(...[first, middle, second].filter((part) => part !== undefined));
    const chart = element("section", "card chart", this.#key, this.#chart.element);
    chart.setAttribute("aria-label", "Chart");
    this.element.replaceChildren(...promptView(prompt), pair, chart, this.#tooltip.element, this.#live);
    // An edit of the same row keeps the scroll position.
    if (isSameRow) {
      this.#cards.forEach(({ element }, i) => {
        element.querySelector(".body")?.scrollTo({ top: scrolled[i] ?? 0 });
      });
    }
    if (focused >= 0 && document.hasFocus())
      queueMicrotask(() =>
        this.#cards[Math.min(focused, sides.length - 1)]?.strip.focusToken(isSameRow ? token : 0),
      );
  }

  #makeCard(shown: Side, side: number, showModel: boolean): Card {
    return new Card(shown, showModel, {
      onPoint: (token) => this.#point(token === undefined ? undefined : { side, token }, "strip"),
      onReveal: (token) => this.events.onReveal({ side, token }),
      onLeave: () => {
        const other = this.#cards[1 - side];
        const last = (this.#texts[1 - side]?.side.tokens.ids.length ?? 1) - 1;
        other?.strip.focusToken(Math.min(this.#pointed?.token ?? 0, last));
      },
    });
  }

  #point(point: ChartPoint | undefined, source: Source): void {
    const isSame = point?.side === this.#pointed?.side && point?.token === this.#pointed?.token;
    if (isSame && (point === undefined || source === "host")) return;
    const before = this.#pointed;
    this.#pointed = point;
    const marked = this.#cards.map(({ strip }, side) => {
      const length = this.#texts[side]?.side.tokens.ids.length ?? 0;
      const token = point && point.token < length ? point.token : undefined;
      return strip.mark(token, side === point?.side ? "pointed" : "counterpart");
    });
    this.#chart.mark(point);
    const unit = point && marked[point.side];
    if (source !== "strip") unit?.scrollIntoView({ block: "nearest" });
    this.#explain(source === "host" ? undefined : point, source === "chart" ? undefined : unit);
    if (source !== "host" && !isSame) this.events.onPoint(point?.side ?? before?.side ?? 0, point?.token);
  }

  #explain(point: ChartPoint | undefined, unit: HTMLElement | undefined): void {
    clearTimeout(this.#announcing);
    this.#tooltip.hide();
    const text = point && this.#texts[point.side];
    const details = point && text && tokenDetails(text, point.token);
    if (!details) return;
    const rects = unit?.getClientRects();
    const anchor = rects?.[rects.length - 1] ?? this.#chart.anchor(point);
    if (anchor) this.#tooltip.show(details, anchor);
    this.#announcing = setTimeout(() => {
      this.#live.textContent = detailsSentence(details);
    }, announceAfterMs);
  }
}

function promptView(prompt: string): HTMLElement[] {
  if (prompt === "") return [];
  const made = element("section", "prompt", prompt);
  made.setAttribute("aria-label", "Prompt");
  // A long prompt scrolls, and the keyboard must be able to scroll it.
  made.tabIndex = 0;
  return [made];
}

function keyItems({ curves, divergence, isPair }: Curves): HTMLElement[] {
  const named = curves.length > 1 ? curves : [];
  const items = named.map(({ label }, side) => {
    const sample = element("span", `sample side-${side} ${isPair ? "of-pair" : "of-others"}`);
    return element("span", "item", sample, label);
  });
  if (divergence !== undefined)
    items.push(element("span", "item", element("span", "sample parts"), "texts diverge here"));
  return items;
}
