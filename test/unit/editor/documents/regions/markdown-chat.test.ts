/** Chats in Markdown, with all styles of turns. */
import { describe, expect, test } from "vitest";
import { regionsOf } from "../../../../../extension/editor/documents/regions/documents";
import { documentKind } from "../../../../../extension/editor/documents/regions/kind";
import { completionsIn, goodRegions, promptsIn } from "./found";

const chats: Readonly<Record<string, string>> = {
  headings:
    "# About sums\n\n## User\n\nTwo and two?\n\n## Assistant\n\nFour.\n\n### System\n\nof numbers\n\n## User\n\nSure?\n\n## Assistant\n\nYes.\n",
  "bold headings":
    "### **Human:**\nTwo and two?\n### **AI**\nFour.\n\n### System\n\nof numbers\n### Human:\nSure?\n### AI:\nYes.",
  "bold labels":
    "**User:** Two and two?\n\n**Assistant:** Four.\n\n### System\n\nof numbers\n\n**User**: Sure?\n\n**Assistant**\nYes.",
  "plain labels":
    "User: Two and two?\nAssistant: Four.\n\n### System\n\nof numbers\nuser: Sure?\nassistant:\nYes.\n\n",
};
const answer = "Four.\n\n### System\n\nof numbers";

describe.each(Object.entries(chats))("a chat with %s", (style, text) => {
  // In that style, a heading of the same level begins a turn.
  const first = style === "bold headings" ? "Four." : answer;

  test("has one completion per turn of the assistant", () => {
    expect(documentKind({ fileName: "a.md", languageId: "markdown" }, text)).toBe("markdown-chat");
    for (const document of [text, text.replaceAll("\n", "\r\n")]) {
      const regions = goodRegions("markdown-chat", document);
      expect(completionsIn(document, regions).map((all) => all.join().replaceAll("\r\n", "\n"))).toEqual([
        first,
        "Yes.",
      ]);
    }
  });

  test("is text for any model, or messages for one with a chat template", () => {
    const [, second] = goodRegions("markdown-chat", text);
    const isSplit = first !== answer;
    const before = isSplit ? "Four.\nof numbers\n" : `${answer}\n`;
    expect(second?.row.completions).toEqual([
      { role: "completion", prompt: `Two and two?\n${before}Sure?\n`, completion: "Yes." },
    ]);
    const [, asMessages] = goodRegions("markdown-chat", text, { asMessages: true });
    expect(asMessages?.row.completions).toEqual([
      {
        role: "completion",
        prompt: [
          { role: "user", content: "Two and two?" },
          { role: "assistant", content: first },
          ...(isSplit ? [{ role: "system", content: "of numbers" }] : []),
          { role: "user", content: "Sure?" },
        ],
        completion: [{ role: "assistant", content: "Yes." }],
      },
    ]);
    expect(asMessages?.key).not.toBe(second?.key);
  });

  test("has all text that is not an earlier completion as prompt", () => {
    const prompts = promptsIn(text, goodRegions("markdown-chat", text));
    expect(prompts).toEqual([["Two and two?"], first === answer ? ["Sure?"] : ["of numbers", "Sure?"]]);
  });

  test("has regions from the label to the end of the completion", () => {
    const [region] = goodRegions("markdown-chat", text);
    const source = text.slice(region?.start, region?.end);
    expect(source).toMatch(/^(##|###|\*\*|)\W*(assistant|AI)/i);
    expect(source.endsWith(first)).toBe(true);
  });
});

describe("Markdown", () => {
  test.each([
    ["code", "```\nUser: a\nAssistant: b\n```\n"],
    ["one voice", "## User\n\na\n\n## User guide\n\nb"],
    ["labels of two kinds", "## User\n\na\n\nAssistant: b"],
    ["prose", "The user: a person. The assistant: a program."],
    ["a long line", `## User${"*".repeat(100_000)}x\n## Assistant${" ".repeat(100_000)}x`],
  ])("with %s is not a chat", (_, text) => {
    expect(documentKind({ fileName: "a.md", languageId: "markdown" }, text)).toBe("text");
  });

  test("may contain labels in the code of an answer", () => {
    const text = "User: write\nAssistant: so:\n````md\nUser: a\n```\nAssistant: b\n````\ndone\nUser: ok";
    const code = text.slice(text.indexOf("so:"), text.indexOf("\nUser: ok"));
    expect(completionsIn(text, goodRegions("markdown-chat", text))).toEqual([[code]]);
  });
});

describe("a heading of another level", () => {
  const heading = (level: string, role: string, text: string): string => `${level} ${role}\n\n${text}\n\n`;

  test("that names a role is part of the turn before it, and a doubt of that region", () => {
    const text =
      heading("##", "User", "a") +
      heading("##", "Assistant", "b") +
      heading("###", "User", "c") +
      heading("##", "Assistant", "d") +
      heading("##", "User", "e") +
      heading("##", "Assistant", "f");
    const regions = goodRegions("markdown-chat", text);
    expect(completionsIn(text, regions)).toEqual([["b\n\n### User\n\nc"], ["d"], ["f"]]);
    expect(regions.map(({ doubts }) => doubts)).toEqual([
      [
        'line 9: the heading "### User" has another level than the chat\'s turns (##), so it is read as part of a turn',
      ],
      undefined,
      undefined,
    ]);
  });

  test("in a prompt is a doubt of the completion after it", () => {
    const text = heading("##", "User", "a") + heading("#", "System", "b") + heading("##", "Assistant", "c");
    const [region] = goodRegions("markdown-chat", text);
    expect(region?.row.completions[0]?.prompt).toBe("a\n\n# System\n\nb\n");
    expect(region?.doubts).toEqual([expect.stringContaining('line 5: the heading "# System"')]);
  });

  test.each([
    ["deeper", "##", "###"],
    ["shallower", "###", "##"],
  ])("that is %s and leaves the chat without an answer is a bad row", (_, first, second) => {
    const text = heading(first, "User", "a") + heading(second, "Assistant", "b");
    expect(documentKind({ fileName: "a.md", languageId: "markdown" }, text)).toBe("markdown-chat");
    const start = text.indexOf(`${second} Assistant`);
    expect(regionsOf("markdown-chat", text, "a.md")).toEqual([
      {
        start,
        end: start + `${second} Assistant`.length,
        problem: `the heading "${second} Assistant" has another level than the chat's turns (${first}); give all turns the same level`,
      },
    ]);
  });

  test("in code is ignored", () => {
    const text = `${heading("##", "User", "a")}${heading("##", "Assistant", "```\n### User\n```")}`;
    expect(goodRegions("markdown-chat", text)[0]?.doubts).toBeUndefined();
  });
});
