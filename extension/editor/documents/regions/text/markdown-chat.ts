/** Chats written in Markdown, whose turns begin with a heading, a bold label or a plain label. */
import type { Message } from "../../../../protocol/datasets";
import { keyOf } from "../key";
import { LineCounter } from "../line-counter";
import type { BadRegion, OffsetRange, Region } from "../region";
import { textStart } from "../text-start";
import { plain, textRegion } from "./text-region";

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
/** Maximum number of characters of a label. */
const longestLabel = 60;

interface Turn {
  readonly role: string;
  /** Start of its label. */
  readonly start: number;
  /** Its text, without surrounding white space. */
  readonly content: OffsetRange;
}

interface Label {
  readonly role: string;
  /** All turns of a chat have one style: a heading of another level may be part of an answer. */
  readonly style: string;
  readonly start: number;
  readonly end: number;
}

interface Chat {
  /** Labels of its turns. */
  readonly labels: readonly Label[];
  /** Headings that name a role but have another level; they do not begin a turn. */
  readonly odd: readonly Label[];
}

export function isMarkdownChat(text: string): boolean {
  return chatIn(text) !== undefined;
}

/**
 * Finds the completions of a chat. A heading of another level than the chat's belongs to the turn before it, and is
 * listed in the doubts of that region. If the chat has no completion because of such headings, each is a BadRegion.
 *
 * @param name name of the file, for messages
 * @param asMessages true if prompts and completions are messages, for a model with a chat template; false if they are
 * text, in which each turn of the prompt is followed by a line end
 */
export function markdownChatRegions(text: string, name: string, asMessages: boolean): (Region | BadRegion)[] {
  const chat = chatIn(text);
  if (!chat) return [];
  const lines = new LineCounter(text);
  const regions: Region[] = [];
  let messages: Message[] = [];
  let prompt = "";
  let promptKey = "";
  let promptRanges: OffsetRange[] = [];
  let shown = 0;
  for (const { role, start, content } of turnsOf(text, chat.labels)) {
    if (content.start === content.end) continue;
    const message = { role, content: plain(text.slice(content.start, content.end)) };
    if (role === "assistant") {
      const place = { row: regions.length, name, line: lines.lineAt(start) };
      const taken = asMessages ? "conversation" : "plain-text";
      const before = { prompt: asMessages ? messages : prompt, promptKey, promptRanges };
      const region = textRegion(text, { start, completion: content, taken, ...before }, place);
      const doubts = oddIn(text, chat, shown, content.end);
      regions.push(doubts.length === 0 ? region : { ...region, doubts });
      promptRanges = [];
      shown = content.end;
    } else {
      promptRanges.push(content);
    }
    messages = [...messages, message].slice(-mostMessages);
    prompt += `${message.content}\n`;
    promptKey = keyOf(promptKey, role, message.content);
  }
  return regions.length > 0 ? regions : chat.odd.map((label) => oddRegion(text, chat, label));
}

/** Maximum number of messages in a prompt: every completion has its own list, so memory would grow quadratically. */
const mostMessages = 1000;

function oddIn(text: string, chat: Chat, from: number, to: number): string[] {
  const lines = new LineCounter(text);
  return chat.odd
    .filter(({ start }) => start >= from && start < to)
    .map(
      (label) =>
        `line ${lines.lineAt(label.start)}: ${oddText(text, chat, label)}, so it is read as part of a turn`,
    );
}

function oddRegion(text: string, chat: Chat, label: Label): BadRegion {
  const problem = `${oddText(text, chat, label)}; give all turns the same level`;
  return { start: label.start, end: label.end, problem };
}

function oddText(text: string, { labels }: Chat, { start, end }: Label): string {
  return `the heading "${text.slice(start, end)}" has another level than the chat's turns (${labels[0]?.style})`;
}

function turnsOf(text: string, labels: readonly Label[]): Turn[] {
  return labels.map(({ role, start, end }, i) => {
    const said = text.slice(end, labels[i + 1]?.start ?? text.length);
    const from = end + said.length - said.trimStart().length;
    return { role, start, content: { start: from, end: Math.max(from, end + said.trimEnd().length) } };
  });
}

/**
 * Finds a chat. Its turns have the first style that occurs in both a user's and an assistant's label. If there is no
 * such style, headings of several levels form a chat that has the first one's level. Returns undefined if the text is
 * not a chat.
 */
function chatIn(text: string): Chat | undefined {
  const all = [...allLabels(text)];
  const headings = all.filter(isHeading);
  const style = [...new Set(all.map((label) => label.style))].find((each) =>
    isExchange(all.filter((label) => label.style === each)),
  );
  const own = style ?? (isExchange(headings) ? headings[0]?.style : undefined);
  if (own === undefined) return undefined;
  const labels = all.filter((label) => label.style === own);
  return { labels, odd: own.startsWith("#") ? headings.filter((label) => label.style !== own) : [] };
}

function isExchange(labels: readonly Label[]): boolean {
  return ["user", "assistant"].every((role) => labels.some((label) => label.role === role));
}

function isHeading({ style }: Label): boolean {
  return style.startsWith("#");
}

/** Yields all labels outside fenced code. */
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
