/** Questions to the user, one at a time: a choice from a list, or a line of text; with a back button within forms. */
import * as vscode from "vscode";
import { type Back, back, type FormPlace } from "./form";
import { wrapped } from "./wrapped";

/** An item that can be chosen. */
export interface ListChoice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** Choices, and what stands between them. */
export type Items<T> = readonly (ListChoice<T> | vscode.QuickPickItem)[];

export interface BaseQuestion {
  readonly title: string;
  readonly placeholder?: string;
  readonly place?: FormPlace | undefined;
}

export interface ListQuestion<T> extends BaseQuestion {
  readonly items: Items<T> | Promise<Items<T>>;
  /** Stands in place of the placeholder until the items are there. */
  readonly loading?: string;
  /** The choice that the list begins at. */
  readonly active?: ((value: T) => boolean) | undefined;
  /** What is wrong with a choice; the list then stays open and says so. */
  readonly check?: (value: T) => Promise<string | undefined>;
}

/** undefined: the list was closed. Rejects where its items do. */
export async function askChoice<T>(question: ListQuestion<T>): Promise<T | Back | undefined> {
  const pick = vscode.window.createQuickPick<ListChoice<T> | vscode.QuickPickItem>();
  const ask = dressed(pick, question);
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.placeholder = question.loading ?? question.placeholder ?? "";
  pick.busy = true;
  const answer = ask<T>((resolve) =>
    pick.onDidAccept(async () => {
      const [item] = pick.selectedItems;
      if (!item || !isChoice<T>(item) || pick.busy) return;
      pick.busy = true;
      const problem = await question.check?.(item.value);
      pick.busy = false;
      if (problem === undefined) resolve(item.value);
      else pick.items = [...problemLines(item.label, problem), ...(await question.items)];
    }),
  );
  const filled = Promise.resolve(question.items).then((items) => {
    pick.items = items;
    const active = items.filter(isChoice<T>).find(({ value }) => question.active?.(value));
    if (active) pick.activeItems = [active];
    pick.placeholder = question.placeholder ?? "";
    pick.busy = false;
  });
  try {
    // A list that is closed need not be filled.
    return await Promise.race([answer, filled.then(() => answer)]);
  } finally {
    pick.dispose();
  }
}

/** @param question why it is asked @param yes what is done then, with its reason or effect below */
export async function confirm(
  title: string,
  question: string,
  yes: string,
  effect: string,
): Promise<boolean> {
  const answer = await askChoice<boolean>({
    title,
    placeholder: question,
    items: [
      { label: `$(check) ${yes}`, detail: effect, value: true },
      { label: "$(close) Cancel", value: false },
    ],
  });
  return answer === true;
}

export interface TextQuestion extends BaseQuestion {
  readonly prompt: string;
  readonly value: string;
  /** What is wrong with the text, or a word on it that does not keep it from being taken. */
  readonly check: (text: string) => string | vscode.InputBoxValidationMessage | undefined;
}

/** undefined: the box was closed. */
export function askText({
  prompt,
  value,
  check,
  ...question
}: TextQuestion): Promise<string | Back | undefined> {
  const box = vscode.window.createInputBox();
  const ask = dressed(box, question);
  box.prompt = prompt;
  box.value = value;
  box.placeholder = question.placeholder ?? "";
  box.validationMessage = check(value) ?? "";
  box.onDidChangeValue((text) => {
    box.validationMessage = check(text) ?? "";
  });
  return ask<string>((resolve) =>
    box.onDidAccept(() => {
      const problem = check(box.value);
      if (problem === undefined || isRemark(problem)) resolve(box.value);
    }),
  );
}

/** Title, place and back button; what is returned shows the input and waits for its end. */
function dressed(
  input: vscode.QuickInput & {
    buttons: readonly vscode.QuickInputButton[];
    readonly onDidTriggerButton: vscode.Event<vscode.QuickInputButton>;
  },
  { title, place }: BaseQuestion,
) {
  input.title = title;
  input.ignoreFocusOut = true;
  if (place) {
    input.step = place.step;
    input.totalSteps = place.steps;
    if (place.step > 1) input.buttons = [vscode.QuickInputButtons.Back];
  }
  return async <T>(listen: (resolve: (value: T) => void) => void): Promise<T | Back | undefined> => {
    const answer = new Promise<T | Back | undefined>((resolve) => {
      input.onDidTriggerButton(() => resolve(back));
      input.onDidHide(() => resolve(undefined));
      listen(resolve);
    });
    input.show();
    return answer.finally(() => input.dispose());
  };
}

/** Characters that a line of a list shows in any font. */
const lineWidth = 72;

/** A problem over as many lines as it takes: a list cuts what is longer than one. */
export function problemLines(label: string, problem: string): vscode.QuickPickItem[] {
  const name = label.replace(/^\$\([\w-]+\) /, "");
  return [
    { label: `$(error) ${name}`, alwaysShow: true },
    ...wrapped(problem, lineWidth).map((line) => ({ label: `$(blank) ${line}`, alwaysShow: true })),
  ];
}

function isChoice<T>(item: ListChoice<T> | vscode.QuickPickItem): item is ListChoice<T> {
  return "value" in item;
}

function isRemark(problem: string | vscode.InputBoxValidationMessage): boolean {
  return typeof problem !== "string" && problem.severity < vscode.InputBoxValidationSeverity.Error;
}
