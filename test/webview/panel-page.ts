/** The compare panel in Chromium, under the content-security policy and the theme that VS Code gives it. */
import { mkdirSync } from "node:fs";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { contentSecurityPolicy } from "../../extension/panels/policy";
import type { HostMessage, WebviewMessage } from "../../extension/protocol/compare";
import { chromium as chromiumPath, missing } from "../support/machine";
import { darkModern, rootStyle, type WebviewTheme } from "./themes";

const origin = "http://panel.test";
const nonce = "8f3a1c";
const policy = contentSecurityPolicy(origin, nonce);

export interface Panel {
  readonly page: Page;
  send(message: HostMessage): Promise<void>;
  /** What the panel posted so far, oldest first. */
  posted(): Promise<WebviewMessage[]>;
  /** The last message of a type that the panel posted; waits for one. */
  nextPosted<T extends WebviewMessage["type"]>(type: T): Promise<Extract<WebviewMessage, { type: T }>>;
  forgetPosted(): Promise<void>;
  setTheme(theme: WebviewTheme): Promise<void>;
  /** Errors of scripts, and what the policy refused. */
  readonly faults: readonly string[];
}

export class PanelBrowser {
  private constructor(
    private readonly browser: Browser,
    private readonly files: ReadonlyMap<string, string>,
  ) {}

  static async start(): Promise<PanelBrowser> {
    const folder = await mkdtemp(join(tmpdir(), "reward-inspector-webview-"));
    await build({
      entryPoints: { compare: "webview/compare/main.ts" },
      outdir: folder,
      bundle: true,
      platform: "browser",
      target: "chrome120",
      format: "iife",
      minify: true,
      logLevel: "warning",
    });
    const files = new Map<string, string>();
    for (const name of ["compare.js", "compare.css"])
      files.set(`/${name}`, await readFile(join(folder, name), "utf8"));
    if (chromiumPath === undefined) throw new Error(missing.chromium);
    const browser = await chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
    return new PanelBrowser(browser, files);
  }

  /** Bytes of the bundle. */
  get size(): number {
    return this.files.get("/compare.js")?.length ?? 0;
  }

  async open(
    options: BrowserContextOptions = {},
    theme = darkModern,
    state: unknown = undefined,
  ): Promise<Panel> {
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
      const body = path === "/" ? pageHtml(theme) : this.files.get(path);
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

  /** A page without a policy, as a user opens an exported file. */
  async openFile(html: string): Promise<Page> {
    const page = await (await this.browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    await page.setContent(html, { waitUntil: "load" });
    return page;
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

function pageHtml({ bodyClass }: WebviewTheme): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Compare</title>
<link rel="stylesheet" href="${origin}/compare.css"></head>
<body class="${bodyClass}" data-vscode-theme-kind="${bodyClass}">
<script nonce="${nonce}" src="${origin}/compare.js"></script></body></html>`;
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

/** Runs in the page, before its own script: VS Code's interface, and its variables on the root element. */
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

function panelOf(page: Page, faults: readonly string[]): Panel {
  const posted = (): Promise<WebviewMessage[]> =>
    page.evaluate(() => window.hostStub.posted) as Promise<WebviewMessage[]>;
  return {
    page,
    faults,
    posted,
    // As one string: playwright takes long over large objects.
    send: (message) =>
      page.evaluate((json) => window.postMessage(JSON.parse(json), "*"), JSON.stringify(message)),
    forgetPosted: () =>
      page.evaluate(() => {
        window.hostStub.posted = [];
      }),
    nextPosted: async (type) => {
      await page.waitForFunction(
        (wanted) => window.hostStub.posted.some((message) => (message as { type: string }).type === wanted),
        type,
      );
      const found = (await posted()).findLast((message) => message.type === type);
      return found as Extract<WebviewMessage, { type: typeof type }>;
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

/** Text as it is laid out, generated marks apart. */
export function shownText(part: Locator): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: line breaks and what is hidden matter here.
  return part.innerText();
}

/** Pictures of every view are kept for people to look at. */
export function screenshotFile(name: string): string {
  const folder = process.env.SCREENSHOTS ?? join(tmpdir(), "reward-inspector-screenshots");
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.png`);
}
