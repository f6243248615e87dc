/** A peer: a child process that holds the model and answers one question at a time. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import type { Ready, Requests } from "./protocol";

export class Peer {
  readonly #lines: AsyncIterator<string>;

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
    lines: Interface,
    private readonly input: NodeJS.WritableStream,
  ) {
    this.#lines = lines[Symbol.asyncIterator]();
  }

  /** Starts it and waits until the model is loaded. */
  static async start(
    name: string,
    command: string,
    args: readonly string[],
  ): Promise<{ peer: Peer; ready: Ready }> {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    const peer = new Peer(name, child, createInterface({ input: child.stdout }), child.stdin);
    return { peer, ready: (await peer.#answer()) as Ready };
  }

  async ask<K extends keyof Requests>(
    kind: K,
    request: Requests[K]["request"],
  ): Promise<Requests[K]["answer"]> {
    this.input.write(`${JSON.stringify({ kind, ...request })}\n`);
    return (await this.#answer()) as Requests[K]["answer"];
  }

  stop(): void {
    this.child.kill();
  }

  async #answer(): Promise<unknown> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error(`${this.name} ended before it answered`);
    return JSON.parse(value);
  }
}
