/** Entry point of the evaluation panel's page. */
import "./evaluation.css";
import {
  type EvaluationIntent,
  type EvaluationState,
  evaluationContract,
} from "../../extension/protocol/panels/evaluation";
import { registerControls } from "../shared/controls";
import { element } from "../shared/dom";
import { Channel } from "../shared/host/channel";
import { vscodeApi } from "../shared/host/vscode-api";
import { statusView } from "../shared/status-view";
import { reportView } from "./report-view";

registerControls();
const root = element("div", "panel");
document.body.append(root);

const channel: Channel<EvaluationState, EvaluationState, never, EvaluationIntent> = new Channel(
  vscodeApi(),
  evaluationContract,
  {
    onState: ({ status, report, hasMisranked }) => {
      if (report && status.kind === "shown")
        root.replaceChildren(...reportView(report, hasMisranked, (type) => channel.post({ type })));
      else root.replaceChildren(element("main", "", statusView(status)));
    },
    onNotice: () => undefined,
  },
);
window.addEventListener("message", ({ data }: MessageEvent<unknown>) => channel.receive(data));
channel.start();
