/**
 * The messages between the extension host and the page of a panel.
 *
 * The host owns the panel's state, a record of fields, and sends the fields that changed. The page requests changes by
 * intents. A choice that the page shows before the host answers has a sequence number; the host sends the last one that
 * it has applied, so that its answer never overwrites a newer choice.
 */
import * as v from "valibot";

/** Fields of a state that changed. */
export type Change<State> = { readonly [K in keyof State]?: State[K] | undefined };

export type HostMessage<State, Notice> =
  | {
      readonly type: "state";
      readonly change: Change<State>;
      /** Sequence number of the last choice that the state includes; 0 before the first. */
      readonly taken: number;
    }
  /** An event, as opposed to state. */
  | { readonly type: "notice"; readonly notice: Notice };

export type PageMessage<Intent> =
  /** The page has loaded and has no state yet. */
  | { readonly type: "ready" }
  | { readonly type: "intent"; readonly intent: Intent; readonly sequence?: number | undefined }
  | { readonly type: "failed"; readonly problem: string };

/** Everything that the host and the page of a panel share. */
export interface PanelContract<State, Kept, Notice, Intent> {
  /** Name of the page's bundle. VS Code knows the panel as `rewardInspector.<name>`. */
  readonly name: string;
  readonly title: string;
  /** All readers return undefined for a value that does not match the contract. */
  readonly readState: (value: unknown) => State | undefined;
  /** Reads the part of the state that the page keeps as JSON when the window reloads. */
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

/** While `loading`, the page keeps showing what it showed before. */
export const status = v.object({
  kind: v.picklist(["loading", "shown", "empty", "error"]),
  text: v.string(),
});

export type Status = v.InferOutput<typeof status>;
