import type { OpenWorkbench } from "./workbench";

export interface Problem {
  readonly line: number;
  readonly character: number;
  readonly message: string;
  /** The text that the problem marks. */
  readonly text: string;
}

/** Returns the problems that Reward Inspector reports for the active file, in order. */
export function problemsIn({ vs }: OpenWorkbench): Promise<readonly Problem[]> {
  return vs((vscode) => {
    const { document } = vscode.window.activeTextEditor ?? {};
    if (document === undefined) return [];
    return vscode.languages
      .getDiagnostics(document.uri)
      .filter(({ source }) => source === "Reward Inspector")
      .map(({ range, message }) => ({
        line: range.start.line,
        character: range.start.character,
        message,
        text: document.getText(range),
      }));
  });
}
