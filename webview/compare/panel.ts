/** The compare panel: what the host says is shown, what the user does is told to the host. */

import {
  type Comparison,
  type Display,
  type HostMessage,
  type Kept,
  readKept,
} from "../../extension/protocol/compare";
import { element } from "../shared/dom";
import type { Host } from "../shared/host";
import { shadingRules } from "../shared/strip/shading";
import { onThemeChange, readTheme, type Theme } from "../shared/theme";
import { ComparisonView } from "./comparison-view";
import { exportHtml } from "./export/export-html";
import { type ExportPage, exportPage } from "./export/export-page";
import { exportPng } from "./export/export-png";
import { statusView } from "./status-view";
import { type Direction, type ExportFormat, Toolbar } from "./toolbar";

/** Longer completions are not kept over a reload: the host sends them again. What they are of is. */
const mostKeptTokens = 5000;
/** A slider that moves tells the host no more often. */
const tellEveryMs = 100;

const keys: Readonly<Record<string, Direction>> = { n: "next", p: "previous", m: "next-misranked" };

export class ComparePanel {
  readonly #toolbar: Toolbar;
  readonly #view: ComparisonView;
  readonly #sheet = new CSSStyleSheet();
  readonly #busy = element("div", "busy");
  #theme: Theme = readTheme();
  #comparison: Comparison | undefined;
  #display: Display | undefined;
  #untold: Partial<Display> = {};
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: Host,
    private readonly root: HTMLElement,
  ) {
    this.#toolbar = new Toolbar({
      onDisplay: (change) => this.#changeDisplay(change),
      onGo: (to) => host.post({ type: "go", to }),
      onExport: (format) => host.post({ type: "export", format }),
    });
    this.#view = new ComparisonView({
      onPoint: (side, token) => host.post({ type: "pointed", side, token: token ?? null }),
      onReveal: (point) => host.post({ type: "reveal", ...point }),
    });
    this.#busy.setAttribute("role", "progressbar");
    this.#busy.setAttribute("aria-label", "Scoring");
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet];
    this.#sheet.replaceSync(shadingRules(this.#theme));
    onThemeChange(() => this.#retheme());
    document.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Shows what was there before a reload, until the host sends it again. */
  restore(): void {
    const kept = readKept(this.host.kept);
    if (kept?.comparison) this.#showComparison(kept.comparison);
    else this.receive({ type: "status", kind: "loading", text: "Waiting for scores…" });
  }

  receive(message: HostMessage): void {
    if (message.type === "comparison") this.#showComparison(message.comparison);
    else if (message.type === "display") this.#showDisplay(message.display);
    else if (message.type === "pointed") this.#view.markFromHost(message.side, message.token);
    else if (message.type === "status") this.#showStatus(message);
    else void this.#export(message.format);
  }

  #showComparison(comparison: Comparison): void {
    this.#comparison = comparison;
    this.#showDisplay(comparison.display);
  }

  #showDisplay(display: Display): void {
    this.#display = display;
    if (this.#comparison) this.#show();
  }

  #show(): void {
    if (!this.#comparison || !this.#display) return;
    this.#toolbar.show(this.#comparison, this.#display);
    if (!this.root.contains(this.#view.element))
      this.root.replaceChildren(this.#toolbar.element, this.#busy, this.#view.element);
    this.#busy.hidden = true;
    this.#view.element.setAttribute("aria-busy", "false");
    this.#view.show(this.#comparison, this.#display, this.#theme);
    this.#keep();
  }

  #keep(): void {
    if (!this.#comparison || !this.#display) return;
    const tokens = this.#comparison.sides.reduce((total, side) => total + side.tokens.length, 0);
    const { subject } = this.#comparison;
    const comparison = { ...this.#comparison, display: this.#display };
    const kept: Kept = tokens > mostKeptTokens ? { subject } : { subject, comparison };
    this.host.keep(kept);
  }

  /** New scores on their way leave the old ones in sight; anything else takes their place. */
  #showStatus({ kind, text }: Extract<HostMessage, { type: "status" }>): void {
    if (kind === "loading" && this.root.contains(this.#view.element)) {
      this.#busy.hidden = false;
      this.#view.element.setAttribute("aria-busy", "true");
      return;
    }
    this.#comparison = undefined;
    this.root.replaceChildren(element("main", "", statusView({ kind, text })));
  }

  #changeDisplay(change: Partial<Display>): void {
    if (!this.#display) return;
    this.#display = { ...this.#display, ...change };
    this.#show();
    this.#untold = { ...this.#untold, ...change };
    this.#telling ??= setTimeout(() => {
      this.host.post({ type: "display", display: this.#untold });
      this.#untold = {};
      this.#telling = undefined;
    }, tellEveryMs);
  }

  #retheme(): void {
    this.#theme = readTheme();
    this.#sheet.replaceSync(shadingRules(this.#theme));
    if (this.#comparison) this.#show();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === "Escape") this.#view.hideTooltip();
    const isTyping =
      event.target instanceof Element && event.target.closest("input, vscode-dropdown") !== null;
    const to = keys[event.key.toLowerCase()];
    const isPlain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
    if (to === undefined || isTyping || !isPlain || !this.#comparison?.position) return;
    event.preventDefault();
    this.host.post({ type: "go", to });
  }

  async #export(format: ExportFormat): Promise<void> {
    try {
      const page = this.#page();
      const data = format === "html" ? exportHtml(page) : await exportPng(page);
      this.host.post({ type: "exported", format, data });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      this.host.post({ type: "failed", problem: `The comparison was not exported: ${problem}` });
    }
  }

  #page(): ExportPage {
    const curves = this.#view.curves;
    if (!this.#comparison || !this.#display || !curves) throw new Error("there is nothing to export yet");
    return exportPage(this.#comparison, this.#display, this.#view.element, curves, this.#theme);
  }
}
