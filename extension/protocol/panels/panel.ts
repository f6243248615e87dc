/**
 * What the extension host and a panel's page say to each other, whatever the panel.
 *
 * The host owns the panel's state, a record of fields, and sends the fields that changed. The page asks for changes by
 * intents. A choice that the page shows before the host answers carries a sequence number; the host names the last one
 * that it took in, so that its answer never overwrites a newer choice.
 */
import * as v from "valibot";

/** Fields of a state that changed. */
export type Change<State> = { readonly [K in keyof State]?: State[K] | undefined };

export type HostMessage<State, Notice> =
  | {
      readonly type: "state";
      readonly change: Change<State>;
      /** Sequence number of the last choice that the state takes in; 0 before the first. */
      readonly taken: number;
    }
  /** Something that happens, rather than something that is. */
  | { readonly type: "notice"; readonly notice: Notice };

export type PageMessage<Intent> =
  /** The page was loaded, and has no state yet. */
  | { readonly type: "ready" }
  | { readonly type: "intent"; readonly intent: Intent; readonly sequence?: number | undefined }
  | { readonly type: "failed"; readonly problem: string };

/** Everything that the two halves of a panel share. */
export interface PanelContract<State, Kept, Notice, Intent> {
  /** Name of the page's bundle. VS Code knows the panel as `rewardInspector.<name>`. */
  readonly name: string;
  readonly title: string;
  /** The readers return undefined for whatever is not in the contract. */
  readonly readState: (value: unknown) => State | undefined;
  /** What the page keeps when the window reloads: part of the state, in JSON. */
  readonly readKept: (value: unknown) => Kept | undefined;
  readonly readHostMessage: (value: unknown) => HostMessage<State, Notice> | undefined;
  readonly readPageMessage: (value: unknown) => PageMessage<Intent> | undefined;
}

export interface PanelSchemas<State, Kept, Notice, Intent> {
  readonly name: string;
  readonly title: string;
  readonly state: v.GenericSchema<unknown, State>;
  readonly change: v.GenericSchema<unknown, Change<State>>;
  readonly kept: v.GenericSchema<unknown, Kept>;
  readonly notice: v.GenericSchema<unknown, Notice>;
  readonly intent: v.GenericSchema<unknown, Intent>;
}

export function panelContract<State, Kept, Notice, Intent>({
  name,
  title,
  state,
  change,
  kept,
  notice,
  intent,
}: PanelSchemas<State, Kept, Notice, Intent>): PanelContract<State, Kept, Notice, Intent> {
  const hostMessage: v.GenericSchema<unknown, HostMessage<State, Notice>> = v.variant("type", [
    v.object({ type: v.literal("state"), change, taken: v.number() }),
    v.object({ type: v.literal("notice"), notice }),
  ]);
  const pageMessage: v.GenericSchema<unknown, PageMessage<Intent>> = v.variant("type", [
    v.object({ type: v.literal("ready") }),
    v.object({ type: v.literal("intent"), intent, sequence: v.optional(v.number()) }),
    v.object({ type: v.literal("failed"), problem: v.string() }),
  ]);
  return {
    name,
    title,
    readState: readerOf(state),
    readKept: readerOf(kept),
    readHostMessage: readerOf(hostMessage),
    readPageMessage: readerOf(pageMessage),
  };
}

function readerOf<T>(schema: v.GenericSchema<unknown, T>): (value: unknown) => T | undefined {
  return (value) => {
    const result = v.safeParse(schema, value);
    return result.success ? result.output : undefined;
  };
}

/** `loading` over a page that shows something leaves it visible. */
export const status = v.object({
  kind: v.picklist(["loading", "shown", "empty", "error"]),
  text: v.string(),
});

export type Status = v.InferOutput<typeof status>;
