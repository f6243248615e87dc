/** A completion as a strip of shaded units: one tab stop, with arrow keys to move between units. */
import { bucketOf } from "../../../extension/display/color";
import { isLow, type Scale } from "../../../extension/display/metric";
import type { Unit } from "../../../extension/display/units";
import { count, decimal } from "../../../extension/display/wording";
import { element } from "../dom";
import { type ShadedText, textOfToken, unitOfToken, worstToken } from "./shaded-text";
import { type StripMove, stripMove, unitAfter } from "./strip-keys";
import { textNodes } from "./strip-text";

export interface StripEvents {
  /** @param token undefined if no token is pointed at any longer */
  onPoint(token: number | undefined): void;
  onReveal(token: number): void;
  /** The user moves to the other strip with the keyboard. */
  onLeave(): void;
}

export interface StripOptions {
  /** Index of the first token that the other completion does not share. */
  readonly divergence: number | undefined;
  /** The label of a unit for screen readers. */
  readonly describe: (unit: Unit) => string;
  /** Whether the value of each unit is written below it. */
  readonly showValues: boolean;
}

export class TokenStrip {
  readonly element: HTMLElement;
  #shaded: ShadedText | undefined;
  #units: HTMLElement[] = [];
  /** The current shade of each unit. */
  #shades: Shade[] = [];
  #stop = 0;
  #marked: HTMLElement | undefined;

  constructor(
    label: string,
    private readonly events: StripEvents,
  ) {
    this.element = element("div", "strip");
    this.element.setAttribute("role", "listbox");
    this.element.setAttribute("aria-label", label);
    this.element.setAttribute("aria-orientation", "horizontal");
    this.#listen();
  }

  /** If only the shading changes, all elements are kept, and only those that look different are updated. */
  show(shaded: ShadedText, options: StripOptions): void {
    const before = this.#shaded;
    const isSame = before?.side === shaded.side && sameUnits(before.units, shaded.units);
    this.#shaded = shaded;
    if (!isSame) {
      this.#shades = [];
      this.#build(shaded, options);
    }
    const isSameMetric = before?.display.metric === shaded.display.metric;
    shaded.units.forEach((unit, i) => {
      const shade = shadeOf(unit, shaded.scale);
      if (isSameMetric && looksSame(this.#shades[i], shade)) return;
      this.#shades[i] = shade;
      const made = this.#units[i];
      if (made) shadeUnit(made, unit, shade, options);
    });
  }

  /** @param kind `counterpart` if the pointed token is the one at the same index on the other side */
  mark(token: number | undefined, kind: "pointed" | "counterpart" = "pointed"): HTMLElement | undefined {
    this.#marked?.classList.remove("pointed", "counterpart");
    this.#marked?.setAttribute("aria-selected", "false");
    this.#marked = token === undefined ? undefined : this.#elementOf(token);
    this.#marked?.classList.add(kind);
    if (kind === "pointed") this.#marked?.setAttribute("aria-selected", "true");
    return this.#marked;
  }

  focusToken(token: number): void {
    this.#elementOf(token)?.focus();
  }

  get focusedToken(): number | undefined {
    return this.element.contains(document.activeElement) ? this.#tokenOf(this.#stop) : undefined;
  }

  #build({ side, units }: ShadedText, { showValues, divergence }: StripOptions): void {
    this.#marked = undefined;
    this.#stop = 0;
    this.#units = units.map((unit, i) => makeUnit(unit, i, textOfToken(side, unit.firstToken)));
    const nodes: (Node | string)[] = [];
    let at = 0;
    units.forEach((unit, i) => {
      if (unit.start > at) nodes.push(unscored(side.text.slice(at, unit.start)));
      const made = this.#units[i];
      if (!made) return;
      const text = side.text.slice(unit.start, unit.end);
      // A unit with its value below it is an inline block, so its line breaks go after the block.
      const breaks = showValues ? (/\n*$/.exec(text)?.[0] ?? "") : "";
      const parting = partsIn(unit, divergence) ? side.tokens.starts[divergence ?? 0] : undefined;
      const cut = parting === undefined ? 0 : Math.max(0, parting - unit.start);
      const own = text.slice(0, text.length - breaks.length);
      made.prepend(
        ...textNodes(own.slice(0, cut)),
        ...(parting === undefined ? [] : [element("span", "parting")]),
        ...textNodes(own.slice(cut)),
        ...Array.from(breaks, () => element("span", "newline")),
      );
      nodes.push(made, breaks);
      at = Math.max(at, unit.end);
    });
    if (side.truncated > 0) nodes.push(cutMark(side.truncated));
    if (at < side.text.length) nodes.push(unscored(side.text.slice(at)));
    this.element.classList.toggle("with-values", showValues);
    this.element.replaceChildren(...nodes);
    this.#units[0]?.setAttribute("tabindex", "0");
  }

  #elementOf(token: number): HTMLElement | undefined {
    return this.#units[Math.max(0, unitOfToken(this.#shaded?.units ?? [], token))];
  }

  #tokenOf(unit: number): number | undefined {
    const found = this.#shaded?.units[unit];
    return found && this.#shaded ? worstToken(this.#shaded.values, found) : undefined;
  }

  #listen(): void {
    const unitAt = (event: Event): number | undefined => {
      const found = event.target instanceof Element ? event.target.closest<HTMLElement>(".unit") : null;
      return found ? Number(found.dataset.unit) : undefined;
    };
    const point = (unit: number | undefined): void =>
      this.events.onPoint(unit === undefined ? undefined : this.#tokenOf(unit));
    const reveal = (unit: number | undefined): void => {
      const token = unit === undefined ? undefined : this.#tokenOf(unit);
      if (token !== undefined) this.events.onReveal(token);
    };
    this.element.addEventListener("mouseover", (event) => point(unitAt(event)));
    this.element.addEventListener("mouseleave", () => point(undefined));
    this.element.addEventListener("click", (event) => reveal(unitAt(event)));
    this.element.addEventListener("focusin", (event) => {
      this.#moveStop(unitAt(event) ?? 0);
      point(unitAt(event));
    });
    this.element.addEventListener("focusout", (event) => {
      const isGone = !(event.relatedTarget instanceof Node) || !this.element.contains(event.relatedTarget);
      if (isGone) point(undefined);
    });
    this.element.addEventListener("keydown", (event) => {
      const move = stripMove(event);
      if (move === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      if (move === "reveal") reveal(this.#stop);
      else if (move === "leave") this.events.onLeave();
      else this.#walk(move);
    });
  }

  #walk(move: Exclude<StripMove, "reveal" | "leave">): void {
    const isLowUnit = (unit: Unit): boolean =>
      this.#shaded !== undefined && isLow(this.#shaded.scale, unit.value);
    this.#units[unitAfter(this.#stop, this.#shaded?.units ?? [], move, isLowUnit)]?.focus();
  }

  #moveStop(unit: number): void {
    this.#units[this.#stop]?.setAttribute("tabindex", "-1");
    this.#stop = unit;
    this.#units[unit]?.setAttribute("tabindex", "0");
  }
}

function makeUnit(unit: Unit, index: number, tokenText: string): HTMLElement {
  const made = element("span", "unit");
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", "false");
  made.tabIndex = -1;
  made.dataset.unit = `${index}`;
  if (unit.end === unit.start) {
    made.classList.add("added");
    made.append(...textNodes(tokenText === "" ? "∅" : tokenText));
  }
  return made;
}

interface Shade {
  readonly value: number | undefined;
  readonly bucket: number | undefined;
  readonly isLow: boolean;
}

function looksSame(a: Shade | undefined, b: Shade): boolean {
  return a !== undefined && a.bucket === b.bucket && a.isLow === b.isLow && a.value === b.value;
}

function shadeOf({ value }: Unit, scale: Scale): Shade {
  return {
    value,
    bucket: value === undefined ? undefined : bucketOf(scale, value),
    isLow: isLow(scale, value),
  };
}

function shadeUnit(
  made: HTMLElement,
  unit: Unit,
  { value, bucket, isLow }: Shade,
  { divergence, describe, showValues }: StripOptions,
): void {
  if (bucket === undefined) delete made.dataset.bucket;
  else made.dataset.bucket = `${bucket}`;
  made.classList.toggle("low", isLow);
  made.setAttribute(
    "aria-label",
    `${describe(unit)}${partsIn(unit, divergence) ? ", texts diverge here" : ""}`,
  );
  if (showValues) made.dataset.value = value === undefined ? "" : decimal(value);
}

function partsIn({ firstToken, lastToken }: Unit, divergence: number | undefined): boolean {
  return divergence !== undefined && firstToken <= divergence && divergence <= lastToken;
}

/** Marks where the text was truncated, which is where the reward is read. */
function cutMark(tokens: number): HTMLElement {
  return element("span", "cut", `cut off: ${count(tokens, "token")} did not fit`);
}

/** Text that no token covers: truncated, or dropped by the tokenizer. */
function unscored(text: string): HTMLElement {
  const made = element("span", "unscored", ...textNodes(text));
  made.title = "Not scored";
  return made;
}

function sameUnits(a: readonly Unit[], b: readonly Unit[]): boolean {
  return a.length === b.length && a.every(({ start, end }, i) => start === b[i]?.start && end === b[i]?.end);
}
