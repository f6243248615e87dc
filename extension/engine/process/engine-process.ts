/** The engine's process: started when it is first asked, watched, and after a crash started again and asked again. */
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
  /** The bundled entry of the engine process. */
  readonly engineFile: string;
  /** Told once for every crash, before the restart. */
  readonly onCrash?: (reason: string) => void;
  /** What the engine process prints. */
  readonly onLog?: (text: string) => void;
}

/** The engine process ended twice over the same request. */
export class EngineCrash extends EngineError {
  override name = "EngineCrash";

  /** @param reason the signal that ended it, or its exit code */
  constructor(readonly reason: string) {
    super(`the engine ended twice over the same request (${reason}); ${remedyOf(reason)}`, {
      code: "engine-crashed",
      data: { reason },
    });
  }
}

/** A request that is ready to be sent. */
export type Call<R> = (connection: MessageConnection, token: CancellationToken) => Promise<R>;

export function call<P, R>(type: RequestType<P, R, ErrorData>, request: P): Call<R> {
  return async (connection, token) => connection.sendRequest<R>(type.method, request, token);
}

/** What is asked of the process until there is an answer. */
export interface Question<R> {
  /** Makes the request of each attempt. */
  readonly next: () => Call<R> | Promise<Call<R>>;
  readonly signal?: AbortSignal | undefined;
  /** How far the work got: a second crash without a change in it is the last one. */
  readonly progress?: () => number;
  /** An aborted signal pauses the work, whose answer is then awaited; otherwise its reason is thrown. */
  readonly pauses?: boolean;
}

interface RunningProcess {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
  /** Resolves with the reason when the process has ended. */
  readonly ended: Promise<string>;
}

export class EngineProcess {
  #running: RunningProcess | undefined;
  #disposed = false;

  /** @param attach puts the handlers of the engine's messages on a new connection */
  constructor(
    private readonly options: ClientOptions,
    private readonly attach: (connection: MessageConnection) => void,
  ) {}

  /** Process id of the engine; undefined before the first request. */
  get pid(): number | undefined {
    return this.#running?.child.pid;
  }

  /** The connection, where a process is running. */
  get connection(): MessageConnection | undefined {
    return this.#running?.connection;
  }

  /** Asks until there is an answer. Throws EngineCrash if the process ends twice without progress between. */
  async ask<R>({ next, signal, progress = () => 0, pauses = false }: Question<R>): Promise<R> {
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

  /** Ends the process, hung or not. */
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
    send: Call<R>,
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
      // A connection whose process died answers nothing, or fails in its own words.
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
      // Structured clone: typed arrays cross as their bytes, where JSON would write every number as text.
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

/** A process that ends by itself has printed why. */
function remedyOf(crash: string): string {
  return crash.startsWith("exit code")
    ? "its log says why; if it does so for every request, reinstall Reward Inspector"
    : "the model may need more memory than there is, or its device's driver may be at fault: try the device cpu";
}

/** The engine's own word, not that its connection broke. */
function isAnswer(error: unknown): error is ResponseError<ErrorData> {
  const broken: readonly number[] = [ErrorCodes.PendingResponseRejected, ErrorCodes.MessageWriteError];
  return error instanceof ResponseError && !broken.includes(error.code);
}

function faultOf(error: ResponseError<ErrorData>, signal: AbortSignal | undefined): unknown {
  return signal?.aborted ? signal.reason : errorOf(error);
}
