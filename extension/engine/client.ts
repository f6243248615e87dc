/** Starts the engine process, watches it, restarts it after a crash and asks again for what was under way. */
import { type ChildProcess, fork } from "node:child_process";
import { CancellationTokenSource, ErrorCodes, type RequestType, ResponseError } from "vscode-jsonrpc";
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import type { RunEvents } from "./engine";
import { InputError } from "./errors";
import type { Evaluation } from "./evaluation/evaluate";
import {
  devicesRequest,
  type ErrorData,
  type EvaluateRequest,
  evaluateRequest,
  type GoalResult,
  inspectRequest,
  type MakeGoalRequest,
  type ModelRequest,
  makeGoalRequest,
  progressNotification,
  rowsRequest,
  type ScoreDatasetRequest,
  type ScoreRequest,
  type ScoreResult,
  scoreDatasetRequest,
  scoreRequest,
  startedNotification,
} from "./protocol";
import type { DeviceReport } from "./runtime/probe";
import type { Inspection } from "./scoring/inspection";

export interface ClientOptions {
  /** The bundled entry of the engine process. */
  readonly engineFile: string;
  /** Told once for every crash, before the restart. */
  readonly onCrash?: (reason: string) => void;
  /** What the engine process prints. */
  readonly onLog?: (text: string) => void;
}

/** The engine process died twice over the same request. */
export class EngineCrash extends Error {
  override name = "EngineCrash";
}

interface EngineProcess {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
  /** Resolves with the reason when the process has ended. */
  readonly ended: Promise<string>;
}

/** The same requests as the engine's own, answered by its process. */
export class EngineClient {
  #process: EngineProcess | undefined;
  #disposed = false;
  /** Events of dataset runs under way, by run. */
  readonly #runs = new Map<string, RunEvents>();

  constructor(private readonly options: ClientOptions) {}

  /** Process id of the engine; undefined before the first request. */
  get pid(): number | undefined {
    return this.#process?.child.pid;
  }

  inspect(request: ModelRequest): Promise<Inspection> {
    return this.#ask(inspectRequest, () => request);
  }

  devices(refresh: boolean): Promise<readonly DeviceReport[]> {
    return this.#ask(devicesRequest, () => ({ refresh }));
  }

  score(request: ScoreRequest, signal?: AbortSignal): Promise<ScoreResult> {
    return this.#ask(scoreRequest, () => request, signal);
  }

  /** After a crash the run goes on behind the last row that was handed over. Throws what `events.rows` throws. */
  async scoreDataset(request: ScoreDatasetRequest, events: RunEvents, signal?: AbortSignal): Promise<void> {
    const first = request.skipRows ?? 0;
    let done = 0;
    let isStarted = false;
    let handingOver = Promise.resolve();
    const watched: RunEvents = {
      // A restart is not a second start.
      started: (message) => {
        if (!isStarted) events.started(message);
        isStarted = true;
      },
      progress: (message) => events.progress(message),
      rows: (message) => {
        handingOver = events.rows(message).then(() => {
          done += message.rows.length;
        });
        return handingOver;
      },
    };
    const rest = async (): Promise<ScoreDatasetRequest> => {
      // Rows that came before a crash may still be on their way to the disk.
      await handingOver;
      return {
        ...request,
        skipRows: first + done,
        ...(request.limit === undefined ? {} : { limit: request.limit - done }),
      };
    };
    try {
      await this.#during(request.run, watched, () =>
        this.#ask(scoreDatasetRequest, rest, signal, () => done),
      );
    } catch (error) {
      await handingOver;
      throw error;
    }
  }

  makeGoal(request: MakeGoalRequest, events: RunEvents, signal?: AbortSignal): Promise<GoalResult> {
    return this.#during(request.run, events, () => this.#ask(makeGoalRequest, () => request, signal));
  }

  /** After a crash it starts over, and so do its events. */
  evaluate(request: EvaluateRequest, events: RunEvents, signal?: AbortSignal): Promise<Evaluation> {
    return this.#during(request.run, events, () => this.#ask(evaluateRequest, () => request, signal));
  }

  /** Ends the engine process, hung or not; the next request starts another, and requests under way are asked again. */
  restart(): void {
    this.#process?.child.kill("SIGKILL");
  }

  dispose(): void {
    this.#disposed = true;
    this.#process?.connection.dispose();
    this.#process?.child.kill();
    this.#process = undefined;
  }

  async #during<T>(run: string, events: RunEvents, work: () => Promise<T>): Promise<T> {
    if (this.#runs.has(run)) throw new Error(`a run called ${run} is under way already`);
    this.#runs.set(run, events);
    try {
      return await work();
    } finally {
      this.#runs.delete(run);
    }
  }

  /** Asks until there is an answer; gives up when the engine crashes twice without progress between. */
  async #ask<P, R>(
    type: RequestType<P, R, ErrorData>,
    parameters: () => P | Promise<P>,
    signal?: AbortSignal,
    progress: () => number = () => 0,
  ): Promise<R> {
    let reached = -1;
    for (;;) {
      const request = await parameters();
      signal?.throwIfAborted();
      if (this.#disposed) throw new Error("the engine client is disposed");
      this.#process ??= this.#start();
      const { connection, ended } = this.#process;
      const cancellation = new CancellationTokenSource();
      const cancel = (): void => cancellation.cancel();
      signal?.addEventListener("abort", cancel);
      const answer = connection.sendRequest<R>(type.method, request, cancellation.token);
      // A connection whose process died answers nothing, or fails in its own words.
      answer.catch(() => undefined);
      try {
        const crash = ended.then((reason) => ({ reason }));
        const outcome = await Promise.race([answer.then((result) => ({ result })), crash]).catch(
          async (error: unknown) => {
            if (isAnswer(error)) throw faultOf(error, signal);
            return crash;
          },
        );
        if ("result" in outcome) return outcome.result;
        if (progress() === reached) {
          throw new EngineCrash(
            `the engine ended twice over the same request (${outcome.reason}); the model may need more memory than there is, or its device's driver may be at fault: try the device cpu`,
          );
        }
        reached = progress();
      } finally {
        signal?.removeEventListener("abort", cancel);
        cancellation.dispose();
      }
    }
  }

  #start(): EngineProcess {
    const child = fork(this.options.engineFile, [], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      execArgv: [],
    });
    const log = (chunk: Buffer): void => this.options.onLog?.(chunk.toString());
    child.stdout?.on("data", log);
    child.stderr?.on("data", log);
    const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    connection.onNotification(startedNotification, (message) =>
      this.#runs.get(message.run)?.started(message),
    );
    connection.onNotification(progressNotification, (message) =>
      this.#runs.get(message.run)?.progress(message),
    );
    connection.onRequest(rowsRequest, async (message) => {
      await this.#runs.get(message.run)?.rows(message);
      return null;
    });
    connection.onError(() => undefined);
    connection.listen();
    const ended = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    const started: EngineProcess = { child, connection, ended };
    void ended.then((reason) => {
      connection.dispose();
      if (this.#process !== started) return;
      this.#process = undefined;
      if (!this.#disposed) this.options.onCrash?.(reason);
    });
    return started;
  }
}

/** The engine's own word, not that its connection broke. */
function isAnswer(error: unknown): error is ResponseError<ErrorData> {
  return error instanceof ResponseError && error.code !== ErrorCodes.PendingResponseRejected;
}

function faultOf(error: ResponseError<ErrorData>, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  return error.data?.isInput ? new InputError(error.data.place, error.data.problem) : error;
}
