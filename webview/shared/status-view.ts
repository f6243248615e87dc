/** The status shown while a page has no content. */
import type { Status } from "../../extension/protocol/panels/panel";
import { progressRing } from "./controls";
import { element, icon } from "./dom";

export function statusView({ kind, text }: Status): HTMLElement {
  const made = element("div", `status ${kind}`);
  made.setAttribute("role", kind === "error" ? "alert" : "status");
  if (kind === "loading") made.append(progressRing());
  if (kind === "error") {
    const sign = icon("warning");
    sign.classList.add("trouble");
    made.append(sign);
  }
  made.append(element("p", "", text));
  return made;
}
