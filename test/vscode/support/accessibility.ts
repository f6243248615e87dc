/** axe-core inside a webview, which forbids the scripts of others: it goes in by the browser's debugger. */
import axe from "axe-core";
import type { FrameLocator } from "playwright-core";

/** @returns serious and critical faults: rule, and the elements that break it */
export async function accessibilityFaults(webview: FrameLocator): Promise<string[]> {
  const body = await webview.locator("body").elementHandle();
  const frame = await body?.ownerFrame();
  if (!frame) throw new Error("there is no webview to look at");
  await frame.evaluate(axe.source);
  const { violations } = await frame.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ["violations"] }),
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
}
