/** Serializes errors of the engine process with their code and data. */
import type { ResponseError } from "vscode-jsonrpc";
import type { ErrorData } from "../../protocol/errors";
import { EngineError, InputError } from "../errors";

export function errorData(error: unknown): ErrorData {
  if (error instanceof InputError) {
    const { place, problem, detail } = error;
    return { kind: "input", place, problem, ...(detail && { detail }) };
  }
  if (error instanceof EngineError && error.detail) return { kind: "engine", detail: error.detail };
  return { kind: "fault" };
}

/** Restores the error that the engine process threw, or returns the answer if its kind is unknown. */
export function errorOf(answer: ResponseError<ErrorData>): Error {
  const { data, message } = answer;
  if (data?.kind === "input") return new InputError(data.place, data.problem, data.detail);
  if (data?.kind === "engine") return new EngineError(message, data.detail);
  return answer;
}
