/** Opens the compare panel's page for tests. */
import type { CompareIntent, CompareNotice, CompareState } from "../../extension/protocol/panels/compare";
import { type Panel, PanelBrowser } from "./panel-page";

export type ComparePage = Panel<CompareState, CompareNotice, CompareIntent>;
export type CompareBrowser = PanelBrowser<CompareState, CompareNotice, CompareIntent>;

export function startCompare(): Promise<CompareBrowser> {
  return PanelBrowser.start("compare");
}
