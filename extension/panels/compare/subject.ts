/** What the compare panel looks at. By file, not by document: it outlives the editor that shows the file. Pure. */
import * as v from "valibot";

const located = v.object({ uri: v.string(), offset: v.number() });

const subject = v.variant("kind", [
  /** The row under the cursor, which the panel follows. */
  v.object({ kind: v.literal("row"), at: located }),
  v.object({ kind: v.literal("completions"), first: located, second: located }),
  /** The same completion under the active model and another. */
  v.object({ kind: v.literal("models"), at: located, other: v.string() }),
]);

/** One completion of a file. `offset`: a place in it, for finding it again after edits. */
export type Located = Readonly<v.InferOutput<typeof located>>;
export type Subject = Readonly<v.InferOutput<typeof subject>>;

/** As the panel's page keeps it over a reload of the window. */
export function subjectText(kept: Subject): string {
  return JSON.stringify(kept);
}

/** undefined: the text is no subject's. */
export function readSubject(text: string): Subject | undefined {
  try {
    const result = v.safeParse(subject, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
