/** Errors across the boundary of the engine process; test/process tests real processes. */
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test, vi } from "vitest";
import { createMessageConnection, type ResponseError } from "vscode-jsonrpc";
import { StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import { EngineError, InputError } from "../../../../extension/engine/errors";
import { UnwrittenFile } from "../../../../extension/engine/files";
import { errorOf } from "../../../../extension/engine/process/error-data";
import { serve } from "../../../../extension/engine/process/server";
import type { RewardEngine } from "../../../../extension/protocol/engine";
import type { ErrorData } from "../../../../extension/protocol/errors";
import { requests } from "../../../../extension/protocol/messages";

/** The error that a client throws if the engine throws this one. */
async function thrownBy(error: unknown): Promise<Error> {
  const [up, down] = [new PassThrough(), new PassThrough()];
  const client = createMessageConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
  const server = createMessageConnection(new StreamMessageReader(up), new StreamMessageWriter(down));
  onTestFinished(() => [client, server].forEach((side) => void side.dispose()));
  const engine = { inspect: () => Promise.reject(error) } as unknown as RewardEngine;
  serve(engine, server);
  server.listen();
  client.listen();
  return client.sendRequest(requests.inspect, { model: "m", device: "cpu" }).then(
    () => expect.fail("it answered"),
    (answer: ResponseError<ErrorData>) => errorOf(answer),
  );
}

test("an InputError keeps its place, problem, code and data", async () => {
  const detail = { code: "goal-missing", data: { name: "best", known: ["preferred"] } } as const;
  const thrown = await thrownBy(new InputError("best", "there is no such goal state", detail));
  expect(thrown).toBeInstanceOf(InputError);
  expect(thrown).toMatchObject({ place: "best", problem: "there is no such goal state", detail });
});

test("an InputError without a code stays without one", async () => {
  const thrown = await thrownBy(new InputError("a.jsonl", "is empty"));
  expect(thrown).toMatchObject({ name: "InputError", message: "a.jsonl: is empty", detail: undefined });
});

test("a full disk is not an InputError, and is identified by its code", async () => {
  const thrown = await thrownBy(new UnwrittenFile("run.json", "could not be written (ENOSPC)"));
  expect(thrown).not.toBeInstanceOf(InputError);
  expect(thrown).toBeInstanceOf(EngineError);
  expect(thrown).toMatchObject({
    message: "run.json: could not be written (ENOSPC)",
    detail: { code: "file-unwritten", data: { path: "run.json" } },
  });
});

test("an internal error stays one, and its stack trace is logged", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  onTestFinished(() => log.mockRestore());
  const thrown = await thrownBy(new TypeError("undefined is not a function"));
  expect(thrown).not.toBeInstanceOf(EngineError);
  expect(thrown.message).toBe("undefined is not a function");
  expect(log).toHaveBeenCalledOnce();
});
