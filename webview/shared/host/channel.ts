/** The page's half of a panel: applies what the host sends to the state, and checks all of it against the contract. */
import type { PageMessage, PanelContract } from "../../../extension/protocol/panels/panel";
import type { VsCodeApi } from "./vscode-api";

export interface PageListeners<State extends object, Notice> {
  /** @param changed names of the fields that differ from the state before */
  onState(state: State, changed: ReadonlySet<keyof State>, taken: number): void;
  onNotice(notice: Notice): void;
}

export class Channel<State extends object, Kept, Notice, Intent> {
  #state: State | undefined;

  constructor(
    private readonly api: VsCodeApi,
    private readonly contract: PanelContract<State, Kept, Notice, Intent>,
    private readonly listeners: PageListeners<State, Notice>,
  ) {}

  /** @param sequence of the choice that the page already shows */
  post(intent: Intent, sequence?: number): void {
    this.#send({ type: "intent", intent, ...(sequence === undefined ? {} : { sequence }) });
  }

  /** The user is told what went wrong. */
  fail(problem: string): void {
    this.#send({ type: "failed", problem });
  }

  start(): void {
    this.#send({ type: "ready" });
  }

  receive(value: unknown): void {
    const message = this.contract.readHostMessage(value);
    if (message?.type === "notice") {
      this.listeners.onNotice(message.notice);
      return;
    }
    // The first message has the whole state; without one there is nothing to change.
    const state = message && this.#changed(message.change);
    if (!message || !state) {
      this.fail(`the ${this.contract.title} panel was sent a message that it does not know`);
      return;
    }
    const before = this.#state;
    const names = Object.keys(state) as (keyof State)[];
    const changed = new Set(names.filter((name) => before?.[name] !== state[name]));
    this.#state = state;
    const kept = this.contract.readKept(state);
    if (kept !== undefined && changed.size > 0) this.api.setState(kept);
    this.listeners.onState(state, changed, message.taken);
  }

  #changed(change: object): State | undefined {
    if (!this.#state) return this.contract.readState(change);
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    return { ...this.#state, ...Object.fromEntries(given) };
  }

  #send(message: PageMessage<Intent>): void {
    this.api.postMessage(message);
  }
}
