/** The globals that each part of the project can use, according to its tsconfig.json. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { root } from "../support/fixture";

/** The compiler's errors for a file with this text in a part of the project, or "" if there are none. */
async function complaints(part: string, text: string): Promise<string> {
  // The file is inside the part, because types are resolved from a file's folder.
  const folder = await mkdtemp(join(root, part, "visibility-"));
  try {
    await writeFile(join(folder, "file.ts"), text);
    const config = {
      extends: "../tsconfig.json",
      compilerOptions: { composite: false, noEmit: true, emitDeclarationOnly: false, rootDir: root },
      include: ["file.ts", join(root, "build/no-vscode.d.ts")],
      exclude: [],
      references: [],
    };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    return await promisify(execFile)(process.execPath, [compiler, "-p", folder]).then(
      ({ stdout }) => stdout,
      (error: { stdout?: string }) => error.stdout ?? String(error),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const dom = "export const title: string = document.title;\n";
const vscode = 'import * as vscode from "vscode";\nexport const name: string = vscode.env.appName;\n';
const node =
  'import { readFileSync } from "node:fs";\nexport const text: string = readFileSync("a", "utf8");\n';

test.each([
  ["extension/engine", dom, "Cannot find name 'document'"],
  ["extension/engine", vscode, "'env' does not exist"],
  ["extension/engine", node, ""],
  ["extension", vscode, ""],
  ["extension", dom, "Cannot find name 'document'"],
  ["webview", node, "'node:fs'"],
  ["webview", vscode, "'env' does not exist"],
  ["webview", dom, ""],
  ["extension/display", dom, "Cannot find name 'document'"],
])("a file of %s that says %j", async (part, text, message) => {
  const found = await complaints(part, text);
  if (message === "") expect(found).toBe("");
  else expect(found).toContain(message);
});
