/** Starts the engine's process at the first request, and restarts it and repeats the request after a crash. */
import { type ChildProcess, fork } from "node:child_process";
import {
  type CancellationToken,
  CancellationTokenSource,
  ErrorCodes,
  type RequestType,
  ResponseError,
} from "vscode-jsonrpc";
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import type { ErrorData } from "../../protocol/errors";
import { EngineError } from "../errors";
import { errorOf } from "./error-data";

export interface ClientOptions {
  /** Path of the bundled entry point of the engine process. */
  readonly engineFile: string;
  /** Called once per crash, before the restart. */
  readonly onCrash?: (reason: string) => void;
  /** Called with the output of the engine process. */
  readonly onLog?: (text: string) => void;
}

/** The engine process crashed twice during the same request. */
export class EngineCrash extends EngineError {
  override name = "EngineCrash";

  /** @param reason the signal that ended the process, or its exit code */
  constructor(readonly reason: string) {
    super(`the engine crashed twice during the same request (${reason}); ${remedyOf(reason)}`, {
      code: "engine-crashed",
      data: { reason },
    });
  }
}

/** Sends one request over a connection. */
export type EngineCall<R> = (connection: MessageConnection, token: CancellationToken) => Promise<R>;

export function engineCall<P, R>(type: RequestType<P, R, ErrorData>, request: P): EngineCall<R> {
  return async (connection, token) => connection.sendRequest<R>(type.method, request, token);
}

/** A request that is repeated after a crash until it is answered. */
export interface PendingRequest<R> {
  /** Creates the call for each attempt. */
  readonly next: () => EngineCall<R> | Promise<EngineCall<R>>;
  readonly signal?: AbortSignal | undefined;
  /** Measures progress. If it has not changed by the second crash, the request fails. */
  readonly progress?: () => number;
  /** Whether an aborted signal pauses the work and waits for its result, instead of throwing the signal's reason. */
  readonly pauses?: boolean;
}

interface RunningProcess {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
  /** Resolves with the reason after the process has ended. */
  readonly ended: Promise<string>;
}

export class EngineProcess {
  #running: RunningProcess | undefined;
  #disposed = false;

  /** @param attach registers handlers for the engine's messages on a new connection */
  constructor(
    private readonly options: ClientOptions,
    private readonly attach: (connection: MessageConnection) => void,
  ) {}

  /** Process id of the engine, or undefined before the first request. */
  get pid(): number | undefined {
    return this.#running?.child.pid;
  }

  /** The connection, or undefined if no process is running. */
  get connection(): MessageConnection | undefined {
    return this.#running?.connection;
  }

  /** Repeats the request until it is answered. Throws EngineCrash after two crashes without progress between them. */
  async ask<R>({ next, signal, progress = () => 0, pauses = false }: PendingRequest<R>): Promise<R> {
    let crash: string | undefined;
    let reached = -1;
    for (;;) {
      const send = await next();
      if (!pauses) signal?.throwIfAborted();
      if (this.#disposed) throw new Error("the engine client is disposed");
      if (crash !== undefined) {
        if (progress() === reached) throw new EngineCrash(crash);
        reached = progress();
      }
      const outcome = await this.#attempt(send, signal, pauses);
      if ("result" in outcome) return outcome.result;
      crash = outcome.crash;
    }
  }

  /** Kills the process, even if it does not respond. */
  kill(): void {
    this.#running?.child.kill("SIGKILL");
  }

  dispose(): void {
    this.#disposed = true;
    this.#running?.connection.dispose();
    this.#running?.child.kill();
    this.#running = undefined;
  }

  async #attempt<R>(
    send: EngineCall<R>,
    signal: AbortSignal | undefined,
    pauses: boolean,
  ): Promise<{ readonly result: R } | { readonly crash: string }> {
    this.#running ??= this.#start();
    const { connection, ended } = this.#running;
    const cancellation = new CancellationTokenSource();
    const cancel = (): void => cancellation.cancel();
    if (signal?.aborted) cancel();
    signal?.addEventListener("abort", cancel);
    try {
      const answer = send(connection, cancellation.token);
      // A connection whose process has ended does not answer, or fails with an error of its own.
      answer.catch(() => undefined);
      const crashed = ended.then((crash) => ({ crash }));
      return await Promise.race([answer.then((result) => ({ result })), crashed]).catch((error: unknown) => {
        if (isAnswer(error)) throw faultOf(error, pauses ? undefined : signal);
        return crashed;
      });
    } finally {
      signal?.removeEventListener("abort", cancel);
      cancellation.dispose();
    }
  }

  #start(): RunningProcess {
    const child = fork(this.options.engineFile, [], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // Structured clone sends typed arrays as bytes, whereas JSON would write every number as text.
      serialization: "advanced",
      execArgv: [],
    });
    const log = (chunk: Buffer): void => this.options.onLog?.(chunk.toString());
    child.stdout?.on("data", log);
    child.stderr?.on("data", log);
    const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    this.attach(connection);
    connection.onError(() => undefined);
    connection.listen();
    const ended = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    const started: RunningProcess = { child, connection, ended };
    void ended.then((reason) => {
      connection.dispose();
      if (this.#running !== started) return;
      this.#running = undefined;
      if (!this.#disposed) this.options.onCrash?.(reason);
    });
    return started;
  }
}

/** Suggests what to do next. A process that exits by itself has logged the reason. */
function remedyOf(crash: string): string {
  return crash.startsWith("exit code")
    ? "its log says why; if it does so for every request, reinstall Reward Inspector"
    : "the model may need more memory than there is, or its device's driver may be at fault: try the device cpu";
}

/** Whether the error is the engine's answer rather than a broken connection. */
function isAnswer(error: unknown): error is ResponseError<ErrorData> {
  const broken: readonly number[] = [ErrorCodes.PendingResponseRejected, ErrorCodes.MessageWriteError];
  return error instanceof ResponseError && !broken.includes(error.code);
}

function faultOf(error: ResponseError<ErrorData>, signal: AbortSignal | undefined): unknown {
  return signal?.aborted ? signal.reason : errorOf(error);
}
