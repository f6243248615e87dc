import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { contentSecurityPolicy } from "../../../extension/panels/policy";

const directives = new Map(
  contentSecurityPolicy("https://own.test", "n0nce")
    .split("; ")
    .map((directive): [string, string[]] => {
      const [name = "", ...sources] = directive.split(" ");
      return [name, sources];
    }),
);

test("sources that are not listed are blocked", () => {
  expect(directives.get("default-src")).toEqual(["'none'"]);
  expect([...directives.keys()].sort()).toEqual([
    "default-src",
    "font-src",
    "img-src",
    "script-src",
    "style-src",
  ]);
});

test("only scripts with the page's nonce run", () => {
  expect(directives.get("script-src")).toEqual(["'nonce-n0nce'"]);
});

test("there are no unsafe sources, other origins or wildcards", () => {
  const sources = [...directives.values()].flat();
  expect(sources.filter((source) => /unsafe|\*|^(https?|wss?|blob):$/.test(source))).toEqual([]);
  expect(new Set(sources.filter((source) => !source.startsWith("'")))).toEqual(
    new Set(["https://own.test", "data:"]),
  );
  expect(directives.get("img-src")).toContain("data:");
});

test("the only inline style allowed is the empty one", () => {
  const empty = createHash("sha256").update("").digest("base64");
  expect(directives.get("style-src")).toEqual(["https://own.test", `'sha256-${empty}'`]);
});
