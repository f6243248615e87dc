/** axe-core in a page, which may forbid the scripts of others: it goes in by the browser's debugger. */
import axe from "axe-core";
import type { Frame, FrameLocator } from "playwright-core";

/** @returns serious and critical faults: rule, the elements that break it, and what they lack */
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
  if (!frame) throw new Error("there is no webview to look at");
  return frame;
}
