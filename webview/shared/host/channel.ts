/** The page's half of a panel: checks messages from the host against the contract and applies them to the state. */
import type { PageMessage, PanelContract } from "../../../extension/protocol/panels/panel";
import type { VsCodeApi } from "./vscode-api";

export interface PageListeners<State extends object, Notice> {
  /** @param changed names of the fields that differ from the previous state */
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

  /** @param sequence sequence number of the choice that the page already shows */
  post(intent: Intent, sequence?: number): void {
    this.#send({ type: "intent", intent, ...(sequence === undefined ? {} : { sequence }) });
  }

  /** Reports a problem, which the host shows to the user. */
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
    // The first message contains the whole state; later ones only change it.
    const state = message && this.#changed(message.change);
    if (!message || !state) {
      this.fail(`the ${this.contract.title} panel received a message that it does not understand`);
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
