/** The compare panel's page: shows the host's state with the user's choices applied, and reports what the user does. */
import {
  type CompareIntent,
  type CompareKept,
  type CompareNotice,
  type CompareState,
  compareContract,
  type Display,
  type ExportFormat,
} from "../../extension/protocol/panels/compare";
import type { Status } from "../../extension/protocol/panels/panel";
import { element } from "../shared/dom";
import { Channel } from "../shared/host/channel";
import { Choices } from "../shared/host/choices";
import type { VsCodeApi } from "../shared/host/vscode-api";
import { Shortcuts } from "../shared/shortcuts";
import { statusView } from "../shared/status-view";
import { shadingRules } from "../shared/strip/shading";
import { onThemeChange, readTheme, type Theme } from "../shared/theme";
import { exportHtml } from "./export/export-html";
import { type ExportPage, exportPage } from "./export/export-page";
import { exportPng } from "./export/export-png";
import { ComparisonView } from "./view/comparison-view";
import { type RowDirection, Toolbar } from "./view/toolbar";

/** Interval in milliseconds between messages while a slider moves. */
const sendEveryMs = 100;

const keys: Readonly<Record<string, RowDirection>> = { n: "next", p: "previous", m: "next-misranked" };

export class ComparePage {
  readonly #channel: Channel<CompareState, CompareKept, CompareNotice, CompareIntent>;
  readonly #toolbar: Toolbar;
  readonly #view: ComparisonView;
  readonly #sheet = new CSSStyleSheet();
  readonly #busy = element("div", "busy");
  readonly #choices = new Choices<Display>();
  #theme: Theme = readTheme();
  #state: CompareState | undefined;
  #unsent: Partial<Display> = {};
  #lastChoice = 0;
  #sending: ReturnType<typeof setTimeout> | undefined;

  constructor(
    api: VsCodeApi,
    private readonly root: HTMLElement,
  ) {
    this.#channel = new Channel(api, compareContract, {
      onState: (state, _, taken) => this.#show(state, taken),
      onNotice: (notice) => {
        if (notice.type === "export") void this.#export(notice.format);
        else this.#view.markFromHost(notice.side, notice.token);
      },
    });
    this.#toolbar = new Toolbar({
      onDisplay: (change) => this.#changeDisplay(change),
      onGo: (to) => this.#channel.post({ type: "go", to }),
      onExport: (format) => void this.#export(format),
    });
    this.#view = new ComparisonView({
      onPoint: (side, token) => this.#channel.post({ type: "pointed", side, token: token ?? null }),
      onReveal: (point) => this.#channel.post({ type: "reveal", ...point }),
    });
    this.#busy.setAttribute("role", "progressbar");
    this.#busy.setAttribute("aria-label", "Scoring");
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet];
    this.#sheet.replaceSync(shadingRules(this.#theme));
    onThemeChange(() => this.#retheme());
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.#view.hideTooltip();
    });
    new Shortcuts((key) => this.#act(key));
    window.addEventListener("message", ({ data }: MessageEvent<unknown>) => this.#channel.receive(data));
  }

  start(): void {
    this.#showStatus({ kind: "loading", text: "Waiting for scores…" });
    this.#channel.start();
  }

  #show(state: CompareState, taken: number): void {
    this.#choices.taken(taken);
    this.#state = state;
    const { status } = state;
    const isWaiting = status.kind === "loading";
    if (state.comparison && (isWaiting || status.kind === "shown")) this.#showComparison(isWaiting);
    else this.#showStatus(status);
  }

  /** Old scores stay visible until the new ones arrive. */
  #showComparison(isWaiting: boolean): void {
    const { comparison, display, position } = this.#state ?? {};
    if (!comparison || !display || position === undefined) return;
    const shown = this.#choices.over(display);
    this.#toolbar.show(comparison, shown, position);
    if (!this.root.contains(this.#view.element))
      this.root.replaceChildren(this.#toolbar.element, this.#busy, this.#view.element);
    this.#busy.hidden = !isWaiting;
    this.#view.element.setAttribute("aria-busy", `${isWaiting}`);
    this.#view.show(comparison, shown, this.#theme);
  }

  #showStatus(status: Status): void {
    this.root.replaceChildren(element("main", "", statusView(status)));
  }

  #changeDisplay(change: Partial<Display>): void {
    this.#lastChoice = this.#choices.choose(change);
    this.#redraw();
    this.#unsent = { ...this.#unsent, ...change };
    this.#sending ??= setTimeout(() => {
      this.#channel.post({ type: "display", display: this.#unsent }, this.#lastChoice);
      this.#unsent = {};
      this.#sending = undefined;
    }, sendEveryMs);
  }

  #retheme(): void {
    this.#theme = readTheme();
    this.#sheet.replaceSync(shadingRules(this.#theme));
    this.#redraw();
  }

  #redraw(): void {
    if (this.#state?.comparison) this.#showComparison(this.#state.status.kind === "loading");
  }

  #act(key: string): boolean {
    const to = keys[key];
    if (to === undefined || !this.#state?.comparison || !this.#state.position) return false;
    this.#channel.post({ type: "go", to });
    return true;
  }

  async #export(format: ExportFormat): Promise<void> {
    try {
      const page = this.#page();
      const data = format === "html" ? exportHtml(page) : await exportPng(page);
      this.#channel.post({ type: "exported", format, data });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      this.#channel.fail(`The comparison could not be exported: ${problem}`);
    }
  }

  #page(): ExportPage {
    const { comparison, display } = this.#state ?? {};
    const { curves, element } = this.#view;
    if (!comparison || !display || !curves) throw new Error("there is no comparison to export yet");
    return exportPage(comparison, this.#choices.over(display), element, curves, this.#theme);
  }
}
