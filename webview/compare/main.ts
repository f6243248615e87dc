/** The compare panel's page. */
import "./styles/compare.css";
import { readHostMessage } from "../../extension/protocol/compare";
import { registerControls } from "../shared/controls";
import { element } from "../shared/dom";
import { connectHost } from "../shared/host";
import { registerChart } from "./chart/chart-config";
import { ComparePanel } from "./panel";

registerControls();
registerChart();
const host = connectHost();
const root = element("div", "panel");
document.body.append(root);
const panel = new ComparePanel(host, root);
panel.restore();
window.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
  const message = readHostMessage(data);
  if (message) panel.receive(message);
  else host.post({ type: "failed", problem: "The compare panel was sent a message that it does not know." });
});
host.post({ type: "ready" });
