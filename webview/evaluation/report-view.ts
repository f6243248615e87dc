/** An evaluation report in the page: warnings, the figures with their intervals, and the settings. */
import type { EvaluationIntent, EvaluationPage } from "../../extension/protocol/panels/evaluation";
import { button } from "../shared/controls";
import { element, icon } from "../shared/dom";

type Section = EvaluationPage["sections"][number];
type Ask = (intent: EvaluationIntent["type"]) => void;

export function reportView(page: EvaluationPage, hasMisranked: boolean, ask: Ask): HTMLElement[] {
  const { title, warnings, heading, sections, footing, notes } = page;
  const main = element(
    "main",
    "report",
    ...warnings.map(warningView),
    list("facts", heading),
    element("div", "cards", ...sections.map(sectionView)),
    ...(footing === undefined ? [] : [element("p", "footing", footing)]),
  );
  if (notes.length > 0) main.append(card("How it was run", list("facts", notes)));
  return [toolbar(title, hasMisranked, ask), main];
}

function toolbar(title: string, hasMisranked: boolean, ask: Ask): HTMLElement {
  const make = (label: string, intent: EvaluationIntent["type"]): HTMLElement =>
    button({ label, content: label, appearance: "secondary", onClick: () => ask(intent) }).element;
  const heading = element("h1", "", title);
  heading.title = title;
  const actions = element(
    "div",
    "group",
    ...(hasMisranked ? [make("Show Misranked Pairs", "show-misranked")] : []),
  );
  actions.append(make("Evaluate Again", "evaluate-again"), make("Copy as Markdown", "copy-markdown"));
  return element("header", "toolbar", element("div", "row", element("div", "names", heading), actions));
}

function warningView(warning: string): HTMLElement {
  const text = `${warning.charAt(0).toUpperCase()}${warning.slice(1)}.`;
  const made = element("p", "warning", icon("warning"), element("span", "", text));
  made.setAttribute("role", "note");
  return made;
}

function sectionView({ title, rule, lines, columns }: Section): HTMLElement {
  const parts: HTMLElement[] = rule === undefined ? [] : [element("p", "rule", rule)];
  if (lines.length > 0) parts.push(measures(lines));
  if (columns) parts.push(columnsView(columns));
  return card(title, ...parts);
}

function card(title: string, ...parts: HTMLElement[]): HTMLElement {
  const made = element("section", "card", element("h2", "", title), ...parts);
  made.setAttribute("aria-label", title);
  return made;
}

/** One row per figure: name, meaning, value and interval. */
function measures(lines: Section["lines"]): HTMLElement {
  const hasIntervals = lines.some(([, interval]) => interval !== "");
  const names = ["Measure", "Value", ...(hasIntervals ? ["95% interval"] : [])];
  const rows = lines.map(([value, interval, name, meaning]) => {
    const named = headCell(name, "row");
    if (meaning !== "") named.append(element("span", "meaning", meaning));
    const cells = [element("td", "value", value)];
    if (hasIntervals) cells.push(element("td", "interval", interval));
    return element("tr", "", named, ...cells);
  });
  const head = element("tr", "", ...names.map((name) => headCell(name, "col")));
  return scrolling(element("table", "measures", element("thead", "", head), element("tbody", "", ...rows)));
}

/** Transposed, because a table of many columns is wider than most panels. */
function columnsView({ caption, rows }: NonNullable<Section["columns"]>): HTMLElement {
  const [names = [], ...rest] = (rows[0] ?? []).map((_, i) => rows.map((row) => row[i] ?? ""));
  const head = element("tr", "", ...names.map((name) => headCell(name, "col")));
  const body = rest.map(([name = "", ...values]) =>
    element("tr", "", headCell(name, "row"), ...values.map((value) => element("td", "", value))),
  );
  const table = element("table", "columns", element("thead", "", head), element("tbody", "", ...body));
  table.setAttribute("aria-label", caption);
  // A <caption> element would be limited to the width of its table.
  return element("div", "", element("p", "rule", caption), scrolling(table));
}

function headCell(text: string, scope: "row" | "col"): HTMLElement {
  const cell = element("th", "", text);
  cell.scope = scope;
  return cell;
}

/** A wide table scrolls on its own, with the keyboard too. */
function scrolling(table: HTMLElement): HTMLElement {
  const made = element("div", "scrolling", table);
  made.tabIndex = 0;
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", "Table");
  return made;
}

function list(className: string, items: readonly string[]): HTMLElement {
  return element("ul", className, ...items.map((item) => element("li", "", item)));
}
