import { expect, test } from "vitest";
import { readSubject, type Subject, subjectText } from "../../../../extension/panels/compare/subject";

const at = { uri: "file:///data/pairs.jsonl", offset: 12 };

test.each<Subject>([
  { kind: "row", at },
  { kind: "completions", first: at, second: { ...at, offset: 99 } },
  { kind: "models", at, other: "/models/other" },
])("$kind is kept over a reload", (subject) => {
  expect(readSubject(subjectText(subject))).toEqual(subject);
});

test.each(["", "{", "null", '{"kind":"row"}', '{"kind":"row","at":{"uri":"file:///a"}}', '{"kind":"all"}'])(
  "%j is no subject",
  (text) => {
    expect(readSubject(text)).toBeUndefined();
  },
);
