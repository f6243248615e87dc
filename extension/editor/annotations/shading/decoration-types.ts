/** The decoration types of the shading. They are created once, because each type costs more than a range. */
import * as vscode from "vscode";
import { middle, strengthOf } from "../../../display/color";
import { shadeCount, shadeParts } from "./shades";
import { bucketColor, signColors } from "./theme-colors";

export class DecorationTypes implements vscode.Disposable {
  /** Indexed by shade; see `shadeOf`. */
  readonly shades = Array.from({ length: shadeCount }, (_, shade) => shadeType(shade));
  readonly prompt = vscode.window.createTextEditorDecorationType({ fontStyle: "italic" });
  readonly marked = vscode.window.createTextEditorDecorationType({
    before: bracket("▸"),
    after: bracket("◂"),
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  /** Each range brings its own text. */
  readonly problem = vscode.window.createTextEditorDecorationType({
    after: {
      color: new vscode.ThemeColor("editorCodeLens.foreground"),
      fontStyle: "italic",
      margin: "0 0 0 2em",
    },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });

  get all(): vscode.TextEditorDecorationType[] {
    return [...this.shades, this.prompt, this.marked, this.problem];
  }

  dispose(): void {
    for (const type of this.all) type.dispose();
  }
}

function bracket(contentText: string): vscode.ThemableDecorationAttachmentRenderOptions {
  return { contentText, color: new vscode.ThemeColor("editorCodeLens.foreground") };
}

/** Adds a line under the text, so that low and high differ even if colors are missing or look the same. */
function shadeType(shade: number): vscode.TextEditorDecorationType {
  const { bucket, isLow } = shadeParts(shade);
  const width = Math.max(isLow ? 1 : 0, Math.ceil(strengthOf(bucket) * 2));
  return vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor(bucketColor(bucket)),
    // Syntax colors may be too faint on a fill.
    ...(bucket === middle ? {} : { color: new vscode.ThemeColor("editor.foreground") }),
    borderColor: new vscode.ThemeColor(isLow ? signColors.low : signColors.highLine),
    borderStyle: isLow ? "solid" : "dotted",
    borderWidth: `0 0 ${width}px 0`,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}
