/** Asks the user one question: a choice from a list, or a line of text. Questions in forms have a back button. */
import * as vscode from "vscode";
import { type Back, back, type FormPlace } from "./form";
import { wrapped } from "./wrapped";

/** An item that can be chosen. */
export interface ListChoice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** Choices, and separators or texts between them. */
export type Items<T> = readonly (ListChoice<T> | vscode.QuickPickItem)[];

export interface BaseQuestion {
  readonly title: string;
  readonly placeholder?: string;
  readonly place?: FormPlace | undefined;
}

export interface ListQuestion<T> extends BaseQuestion {
  readonly items: Items<T> | Promise<Items<T>>;
  /** Shown instead of the placeholder until the items are loaded. */
  readonly loading?: string;
  /** Whether the list begins at a choice. */
  readonly active?: ((value: T) => boolean) | undefined;
  /** Resolves to what is wrong with a choice, which the list then shows; undefined accepts the choice. */
  readonly check?: (value: T) => Promise<string | undefined>;
}

/** Asks for a choice; undefined if the user closes the list. Rejects if the items do. */
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
    // The user may close the list before it is filled.
    return await Promise.race([answer, filled.then(() => answer)]);
  } finally {
    pick.dispose();
  }
}

/** Asks for confirmation. @param question why it is asked @param yes the action @param effect its effect or reason */
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
  /** What is wrong with the text, or a remark that does not prevent it from being accepted. */
  readonly check: (text: string) => string | vscode.InputBoxValidationMessage | undefined;
}

/** Asks for a line of text; undefined if the user closes the box. */
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

/** Sets title, place and back button. Returns a function that shows the input and resolves with the answer. */
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

/** Characters that fit on a line of a list in any font. */
const lineWidth = 72;

/** List items for a problem, wrapped over several lines because a list truncates long ones. */
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
