import { expect, test } from "vitest";
import { CancellationTokenSource } from "vscode-jsonrpc/node";
import { signalOf } from "../../../extension/engine/abort";

const reason = new Error("canceled");

test("a signal is aborted by any of its tokens, even one that is already canceled", () => {
  const [one, other] = [new CancellationTokenSource(), new CancellationTokenSource()];
  const signal = signalOf([one.token, other.token], () => reason);
  expect(signal.aborted).toBe(false);
  other.cancel();
  expect(signal.reason).toBe(reason);
  expect(signalOf([one.token, other.token], () => reason).reason).toBe(reason);
});
