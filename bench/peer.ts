/** A peer is a child process that holds the model and answers one request at a time. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import type { Ready, Requests } from "./protocol";

/** The requests that a kind of peer can answer, keyed by name. */
type Questions<R> = { readonly [K in keyof R]: { readonly request: object; readonly answer: unknown } };

export class Peer<R extends Questions<R> = Requests> {
  readonly #lines: AsyncIterator<string>;

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
    lines: Interface,
    private readonly input: NodeJS.WritableStream,
  ) {
    this.#lines = lines[Symbol.asyncIterator]();
  }

  /** Starts the peer and waits until its model is loaded. */
  static async start<R extends Questions<R> = Requests>(
    name: string,
    command: string,
    args: readonly string[],
  ): Promise<{ peer: Peer<R>; ready: Ready }> {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    const peer = new Peer<R>(name, child, createInterface({ input: child.stdout }), child.stdin);
    return { peer, ready: (await peer.#answer()) as Ready };
  }

  async ask<K extends keyof R>(kind: K, request: R[K]["request"]): Promise<R[K]["answer"]> {
    this.input.write(`${JSON.stringify({ kind, ...request })}\n`);
    return (await this.#answer()) as R[K]["answer"];
  }

  stop(): void {
    this.child.kill();
  }

  async #answer(): Promise<unknown> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`${this.name} exited before it answered`);
    return JSON.parse(value);
  }
}
