/** The people and objects of a story, and the templates that are filled in with them. */
import { pick } from "./draw";

interface Noun {
  readonly one: string;
  readonly many: string;
}

type Gender = "female" | "male";

export interface Scene {
  readonly hero: string;
  /** Has the other gender, so that pronouns are unambiguous. */
  readonly friend: string;
  readonly gender: Gender;
  readonly thing: Noun;
  readonly container: Noun;
}

const names = {
  female: ["Mia", "Ana", "Lea", "Nora", "Ruth", "Zoe"],
  male: ["Tom", "Ben", "Omar", "Paul", "Leo", "Finn"],
} as const;

const pronouns = {
  female: { she: "she", She: "She", her: "her", hers: "her" },
  male: { she: "he", She: "He", her: "him", hers: "his" },
} as const;

const things =
  "apple button card cookie egg marble orange pencil plum ribbon shell stamp sticker stone bead book".split(
    " ",
  );

const containers: readonly Noun[] = [
  { one: "bag", many: "bags" },
  { one: "basket", many: "baskets" },
  { one: "box", many: "boxes" },
  { one: "crate", many: "crates" },
];

export function drawScene(random: () => number): Scene {
  const gender = pick<Gender>(random, ["female", "male"]);
  const thing = pick(random, things);
  return {
    hero: pick(random, names[gender]),
    friend: pick(random, names[gender === "female" ? "male" : "female"]),
    gender,
    thing: { one: thing, many: `${thing}s` },
    container: pick(random, containers),
  };
}

/**
 * Fills in `{Hero}`, `{Friend}`, `{She}`, `{she}`, `{her}` (her, him), `{hers}` (her, his), `{thing}`, `{things}`,
 * `{box}`, `{boxes}`, and the numbers `{a}` and `{b}`.
 */
export function fill(template: string, scene: Scene, numbers: readonly number[] = []): string {
  const words: Readonly<Record<string, string | number | undefined>> = {
    Hero: scene.hero,
    Friend: scene.friend,
    ...pronouns[scene.gender],
    thing: scene.thing.one,
    things: scene.thing.many,
    box: scene.container.one,
    boxes: scene.container.many,
    a: numbers[0],
    b: numbers[1],
  };
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const word = words[name];
    if (word === undefined) throw new Error(`nothing to fill in for {${name}}`);
    return String(word);
  });
}

const replaceable = new RegExp(
  `\\b(?:${[
    ...Object.values(names).flat(),
    ...things.flatMap((thing) => [thing, `${thing}s`]),
    ...containers.flatMap(({ one, many }) => [one, many]),
    ...Object.values(pronouns).flatMap((words) => Object.values(words)),
  ].join("|")})\\b`,
  "g",
);

/** Replaces every name, object and pronoun by `_`, so that stories that differ only in these become equal. */
export function withoutNouns(text: string): string {
  return text.replace(replaceable, "_");
}
