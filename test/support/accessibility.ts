/** Runs axe-core in a page through the browser's debugger, because the page's CSP may block other scripts. */
import axe from "axe-core";
import type { Frame, FrameLocator } from "playwright-core";

/** @returns serious and critical violations: the rule, the elements that violate it, and the reason */
export async function accessibilityFaults(frame: Frame): Promise<string[]> {
  if (!(await frame.evaluate(() => "axe" in globalThis))) await frame.evaluate(axe.source);
  const { violations } = await frame.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ["violations"] }),
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`),
    );
}

export async function frameOf(webview: FrameLocator): Promise<Frame> {
  const body = await webview.locator("body").elementHandle();
  const frame = await body?.ownerFrame();
  if (!frame) throw new Error("there is no webview to check");
  return frame;
}
