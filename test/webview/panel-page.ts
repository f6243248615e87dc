/** Opens a panel's page in Chromium, with the content security policy and the theme that VS Code applies. */
import { mkdirSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { contentSecurityPolicy } from "../../extension/panels/policy";
import type { Change, PageMessage } from "../../extension/protocol/panels/panel";
import { chromium as chromiumPath, missing } from "../support/machine";
import { darkModern, rootStyle, type WebviewTheme } from "./themes";

const origin = "http://panel.test";
const nonce = "8f3a1c";
const policy = contentSecurityPolicy(origin, nonce);

type Typed = { readonly type: string };

/** @template State state that the panel shows */
export interface Panel<State, Notice, Intent extends Typed> {
  readonly page: Page;
  /** Sends changed fields of the state, as the host does; the first call must have all of them. */
  set(change: Change<State>, taken?: number): Promise<void>;
  notify(notice: Notice): Promise<void>;
  /** Returns the messages that the panel has posted so far, oldest first. */
  posted(): Promise<PageMessage<Intent>[]>;
  /** Returns only the intents that the panel has posted. */
  intents(): Promise<Intent[]>;
  /** Waits for an intent of this type, and returns the last message with one. */
  nextPosted(type: Intent["type"]): Promise<Extract<PageMessage<Intent>, { type: "intent" }>>;
  /** Waits for an intent of this type, and returns the last one. */
  nextIntent<T extends Intent["type"]>(type: T): Promise<Extract<Intent, { type: T }>>;
  /** Waits for a problem that the panel reports, and returns it. */
  nextProblem(): Promise<string>;
  forgetPosted(): Promise<void>;
  setTheme(theme: WebviewTheme): Promise<void>;
  /** Script errors and violations of the policy. */
  readonly faults: readonly string[];
}

export class PanelBrowser<State, Notice, Intent extends Typed> {
  private constructor(
    private readonly browser: Browser,
    private readonly name: string,
    private readonly files: ReadonlyMap<string, string>,
  ) {}

  /** @param name folder of the page */
  static async start<State, Notice, Intent extends Typed>(
    name: string,
  ): Promise<PanelBrowser<State, Notice, Intent>> {
    const folder = await mkdtemp(join(tmpdir(), "reward-inspector-webview-"));
    await build({
      entryPoints: { [name]: `webview/${name}/main.ts` },
      outdir: folder,
      bundle: true,
      platform: "browser",
      target: "chrome120",
      format: "iife",
      minify: true,
      logLevel: "warning",
    });
    const files = new Map<string, string>();
    for (const file of [`${name}.js`, `${name}.css`])
      files.set(`/${file}`, await readFile(join(folder, file), "utf8"));
    if (chromiumPath === undefined) throw new Error(missing.chromium);
    const browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
    return new PanelBrowser(browser, name, files);
  }

  /** Size of the bundle in characters. */
  get size(): number {
    return this.files.get(`/${this.name}.js`)?.length ?? 0;
  }

  async open(
    options: BrowserContextOptions = {},
    theme = darkModern,
    state: unknown = undefined,
  ): Promise<Panel<State, Notice, Intent>> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(message.text());
    });
    await page.addInitScript(installHost, { state, rootStyle: rootStyle(theme) });
    await page.route(`${origin}/**`, (route) => {
      const path = new URL(route.request().url()).pathname;
      const body = path === "/" ? pageHtml(this.name, theme) : this.files.get(path);
      if (body === undefined) return route.fulfill({ status: 404 });
      const kind = path.endsWith(".js")
        ? "text/javascript"
        : path.endsWith(".css")
          ? "text/css"
          : "text/html";
      return route.fulfill({
        body,
        contentType: `${kind}; charset=utf-8`,
        headers: { "content-security-policy": policy },
      });
    });
    await page.goto(`${origin}/`);
    return panelOf(page, faults);
  }

  /** Opens a page without a policy, as when a user opens an exported file. */
  async openFile(html: string): Promise<Page> {
    const page = await (await this.browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    await page.setContent(html, { waitUntil: "load" });
    return page;
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

function pageHtml(name: string, { bodyClass }: WebviewTheme): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${name}</title>
<link rel="stylesheet" href="${origin}/${name}.css"></head>
<body class="${bodyClass}" data-vscode-theme-kind="${bodyClass}">
<script nonce="${nonce}" src="${origin}/${name}.js"></script></body></html>`;
}

interface HostStub {
  posted: unknown[];
  state: unknown;
}

declare global {
  interface Window {
    hostStub: HostStub;
    acquireVsCodeApi?: unknown;
  }
}

/** Executes in the page before its own script, and installs VS Code's API and the theme variables. */
function installHost({ state, rootStyle }: { readonly state: unknown; readonly rootStyle: string }): void {
  const stub: HostStub = { posted: [], state };
  window.hostStub = stub;
  window.acquireVsCodeApi = () => ({
    postMessage: (message: unknown) => stub.posted.push(structuredClone(message)),
    getState: () => stub.state,
    setState: (next: unknown) => {
      stub.state = structuredClone(next);
    },
  });
  const dress = (): void => document.documentElement?.style.setProperty("cssText", rootStyle);
  const observer = new MutationObserver(() => {
    if (!document.documentElement) return;
    observer.disconnect();
    document.documentElement.style.cssText = rootStyle;
  });
  observer.observe(document, { childList: true });
  dress();
}

function panelOf<State, Notice, Intent extends Typed>(
  page: Page,
  faults: readonly string[],
): Panel<State, Notice, Intent> {
  const posted = (): Promise<PageMessage<Intent>[]> =>
    page.evaluate(() => window.hostStub.posted) as Promise<PageMessage<Intent>[]>;
  const intents = async (): Promise<Intent[]> =>
    (await posted()).flatMap((message) => (message.type === "intent" ? [message.intent] : []));
  const nextPosted = async (
    type: Intent["type"],
  ): Promise<Extract<PageMessage<Intent>, { type: "intent" }>> => {
    await page.waitForFunction(
      (wanted: string) =>
        window.hostStub.posted.some(
          (message) => (message as { intent?: { type: string } }).intent?.type === wanted,
        ),
      type as string,
    );
    const found = (await posted()).findLast(
      (message) => message.type === "intent" && message.intent.type === type,
    );
    if (found?.type !== "intent") throw new Error(`the page posted no ${type}`);
    return found;
  };
  const send = (message: object): Promise<void> => page.evaluate(postMessage, packed(message));
  return {
    page,
    faults,
    posted,
    intents,
    set: (change, taken = 0) => send({ type: "state", change, taken }),
    notify: (notice) => send({ type: "notice", notice }),
    forgetPosted: () =>
      page.evaluate(() => {
        window.hostStub.posted = [];
      }),
    nextPosted,
    nextIntent: async (type) => (await nextPosted(type)).intent as Extract<Intent, { type: typeof type }>,
    nextProblem: async () => {
      await page.waitForFunction(() =>
        window.hostStub.posted.some((message) => (message as { type: string }).type === "failed"),
      );
      const found = (await posted()).findLast((message) => message.type === "failed");
      return found?.type === "failed" ? found.problem : "";
    },
    setTheme: (theme) =>
      page.evaluate(
        ({ style, bodyClass }) => {
          document.documentElement.style.cssText = style;
          document.body.className = bodyClass;
          document.body.dataset.vscodeThemeKind = bodyClass;
        },
        { style: rootStyle(theme), bodyClass: theme.bodyClass },
      ),
  };
}

/** Packs a message into one string with tagged typed arrays, because Playwright sends it faster than a large object. */
function packed(message: object): string {
  return JSON.stringify(message, (_, value: unknown) => {
    if (value instanceof Int32Array) return { int32: [...value] };
    // JSON can't represent NaN.
    if (value instanceof Float32Array) return { float32: Array.from(value, (one) => `${one}`) };
    return value;
  });
}

/** Executes in the page, and posts a packed message to it. */
function postMessage(json: string): void {
  const message: unknown = JSON.parse(json, (_, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    if ("int32" in value) return new Int32Array(value.int32 as number[]);
    if ("float32" in value) return new Float32Array((value.float32 as string[]).map(Number));
    return value;
  });
  window.postMessage(message, "*");
}

/** Returns the text as it is laid out, without generated content. */
export function shownText(part: Locator): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: line breaks and hidden text matter here.
  return part.innerText();
}

/** Returns the path of a screenshot, which is kept for visual review. */
export function screenshotFile(name: string): string {
  const folder = process.env.SCREENSHOTS ?? join(tmpdir(), "reward-inspector-screenshots");
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.png`);
}
