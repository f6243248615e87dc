/** The subject of the compare panel, which names files, not documents, to outlive editors. Pure. */
import * as v from "valibot";

const located = v.object({ uri: v.string(), offset: v.number() });

const subject = v.variant("kind", [
  /** The row under the cursor, which the panel follows. */
  v.object({ kind: v.literal("row"), at: located }),
  v.object({ kind: v.literal("completions"), first: located, second: located }),
  /** The same completion under the active model and another. */
  v.object({ kind: v.literal("models"), at: located, other: v.string() }),
]);

/** One completion of a file, found by an `offset` inside it. */
export type Located = Readonly<v.InferOutput<typeof located>>;
export type Subject = Readonly<v.InferOutput<typeof subject>>;

/** A subject as the text that the panel's page keeps while the window reloads. */
export function subjectText(kept: Subject): string {
  return JSON.stringify(kept);
}

/** The subject that a text stands for; undefined if the text is invalid. */
export function readSubject(text: string): Subject | undefined {
  try {
    const result = v.safeParse(subject, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
