import { expect, test } from "vitest";
import {
  type Back,
  BackTo,
  back,
  type FormPlace,
  type FormStep,
  fillIn,
} from "../../../extension/dialogs/form";

type Answers = readonly string[];

/** A step that gives these answers in turn, and records its place each time it is asked. */
function step(
  asked: FormPlace[],
  ...replies: (string | Back | BackTo<Answers> | undefined)[]
): FormStep<Answers> {
  return async (answers, place) => {
    asked.push(place);
    const reply = replies.shift();
    return typeof reply === "string" ? [...answers, reply] : reply;
  };
}

test("asks the steps in order, with their number and count", async () => {
  const asked: FormPlace[] = [];
  expect(await fillIn<Answers>([], [step(asked, "a"), step(asked, "b")])).toEqual(["a", "b"]);
  expect(asked).toEqual([
    { step: 1, steps: 2 },
    { step: 2, steps: 2 },
  ]);
});

test("goes back and keeps the answers", async () => {
  const asked: FormPlace[] = [];
  const answers = await fillIn<Answers>([], [step(asked, "a", "again"), step(asked, back, "b")]);
  expect(answers).toEqual(["a", "again", "b"]);
  expect(asked.map((place) => place.step)).toEqual([1, 2, 1, 2]);
});

test("back at the first step asks it again", async () => {
  const asked: FormPlace[] = [];
  expect(await fillIn<Answers>([], [step(asked, back, "a")])).toEqual(["a"]);
});

test("giving up at a step ends the form", async () => {
  const asked: FormPlace[] = [];
  expect(await fillIn<Answers>([], [step(asked, undefined), step(asked, "b")])).toBeUndefined();
  expect(asked).toHaveLength(1);
});

test("begins at a given step, with a way back to earlier ones", async () => {
  const asked: FormPlace[] = [];
  const steps = [step(asked, "a"), step(asked, back, "b")];
  expect(await fillIn<Answers>(["known"], steps, 1)).toEqual(["known", "a", "b"]);
  expect(asked.map((place) => place.step)).toEqual([2, 1, 2]);
});

test("goes back over several steps, with changed answers", async () => {
  const asked: FormPlace[] = [];
  const steps = [
    step(asked, "a", "again"),
    step(asked, "b", "b"),
    step(asked, new BackTo<Answers>(1, ["changed"]), "c"),
  ];
  expect(await fillIn<Answers>([], steps)).toEqual(["changed", "again", "b", "c"]);
  expect(asked.map((place) => place.step)).toEqual([1, 2, 3, 1, 2, 3]);
});
