/** What stands in the place of a comparison while there is none. */

import type { HostMessage } from "../../extension/protocol/compare";
import { progressRing } from "../shared/controls";
import { element, icon } from "../shared/dom";

type Status = Extract<HostMessage, { type: "status" }>;

export function statusView({ kind, text }: Pick<Status, "kind" | "text">): HTMLElement {
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
