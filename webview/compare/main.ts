/** Entry point of the compare panel's page. */
import "./styles/compare.css";
import { registerControls } from "../shared/controls";
import { element } from "../shared/dom";
import { vscodeApi } from "../shared/host/vscode-api";
import { registerChart } from "./chart/chart-config";
import { ComparePage } from "./compare-page";

registerControls();
registerChart();
const root = element("div", "panel");
document.body.append(root);
new ComparePage(vscodeApi(), root).start();
