/** Chats written in Markdown: turns begin with a heading, a bold label or a plain one. */
import type { Message } from "../../../engine/data/rows/row";
import { keyOf } from "./key";
import { LineCounter } from "./line-counter";
import type { OffsetRange, Region } from "./region";
import { plain, textRegion, textStart } from "./text-region";

const roles: ReadonlyMap<string, string> = new Map([
  ["user", "user"],
  ["human", "user"],
  ["assistant", "assistant"],
  ["ai", "assistant"],
  ["bot", "assistant"],
  ["model", "assistant"],
  ["system", "system"],
]);
const names = [...roles.keys()].join("|");
/** `## User`, `### **Assistant:**` */
const heading = new RegExp(`^(#{1,6})[ \\t]+(?:\\*\\*)?(${names})(?::|\\*\\*|:\\*\\*|\\*\\*:)?[ \\t]*$`, "i");
/** `**User:** …`, `**User**: …`, `**User**` */
const bold = new RegExp(`^(\\*\\*|__)(${names})(?::\\1|\\1:?)(?=\\s|$)`, "i");
/** `User: …` */
const label = new RegExp(`^()(${names}):(?=\\s|$)`, "i");
/** Of a line, as much as a label may take. */
const longestLabel = 60;

interface Turn {
  readonly role: string;
  /** Of its label. */
  readonly start: number;
  /** Of what it says, without blank space around it. */
  readonly content: OffsetRange;
}

interface Label {
  readonly role: string;
  /** Turns of a chat are all marked alike: a heading of another level may be part of an answer. */
  readonly style: string;
  readonly start: number;
  readonly end: number;
}

export function isMarkdownChat(text: string): boolean {
  return labelsOf(text).length > 0;
}

/**
 * @param name of the file, for messages
 * @param asMessages whether prompts and completions are messages, for a model with a chat template, or text: then each
 * turn of the prompt is one or more lines
 */
export function markdownChatRegions(text: string, name: string, asMessages: boolean): Region[] {
  const lines = new LineCounter(text);
  const regions: Region[] = [];
  let messages: Message[] = [];
  let prompt = "";
  let promptKey = "";
  let promptRanges: OffsetRange[] = [];
  for (const { role, start, content } of turnsOf(text)) {
    if (content.start === content.end) continue;
    const message = { role, content: plain(text.slice(content.start, content.end)) };
    if (role === "assistant") {
      const place = { row: regions.length, name, line: lines.lineAt(start) };
      const taken = asMessages ? "conversation" : "plain-text";
      const before = { prompt: asMessages ? messages : prompt, promptKey, promptRanges };
      regions.push(textRegion(text, { start, completion: content, taken, ...before }, place));
      promptRanges = [];
    } else {
      promptRanges.push(content);
    }
    messages = [...messages, message].slice(-mostMessages);
    prompt += `${message.content}\n`;
    promptKey = keyOf(promptKey, role, message.content);
  }
  return regions;
}

/** Of a prompt: more are no chat, and each completion has its own list. */
const mostMessages = 1000;

function turnsOf(text: string): Turn[] {
  const labels = labelsOf(text);
  return labels.map(({ role, start, end }, i) => {
    const said = text.slice(end, labels[i + 1]?.start ?? text.length);
    const from = end + said.length - said.trimStart().length;
    return { role, start, content: { start: from, end: Math.max(from, end + said.trimEnd().length) } };
  });
}

/** Labels of the first style that has both a user's and an assistant's; none where no style has. */
function labelsOf(text: string): readonly Label[] {
  const byStyle = new Map<string, Label[]>();
  for (const found of allLabels(text)) {
    const same = byStyle.get(found.style);
    if (same) same.push(found);
    else byStyle.set(found.style, [found]);
  }
  const hasRole = (labels: readonly Label[], role: string): boolean =>
    labels.some((each) => each.role === role);
  const styles = [...byStyle.values()];
  return styles.find((labels) => hasRole(labels, "user") && hasRole(labels, "assistant")) ?? [];
}

/** Not those in fenced code. */
function* allLabels(text: string): Generator<Label> {
  let fence: string | undefined;
  for (let start = textStart(text); start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, end);
    const [ticks] = /^ {0,3}(?:`{3,}|~{3,})/.exec(line.slice(0, longestLabel)) ?? [];
    if (ticks !== undefined)
      fence = fence === undefined ? ticks.trim() : closes(line, fence) ? undefined : fence;
    const found = fence === undefined ? labelIn(line) : undefined;
    if (found) yield { ...found, start, end: start + found.length };
    start = end + 1;
  }
}

function closes(line: string, fence: string): boolean {
  return line.trim().startsWith(fence) && line.trim().replaceAll(fence.slice(0, 1), "") === "";
}

function labelIn(line: string): { role: string; style: string; length: number } | undefined {
  const trimmed = line.trimEnd();
  const found =
    (trimmed.length <= longestLabel ? heading.exec(trimmed) : null) ??
    bold.exec(line.slice(0, longestLabel)) ??
    label.exec(line.slice(0, longestLabel));
  const role = roles.get(found?.[2]?.toLowerCase() ?? "");
  return found && role !== undefined ? { role, style: found[1] ?? "", length: found[0].length } : undefined;
}
