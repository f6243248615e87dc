/**
 * Serves the headless workbench until Ctrl+C and prints its address, for `npm start` without `code`. Arguments: the
 * extension's folder, the folder to open, the file to open.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineError } from "../../extension/engine/errors";
import { installWorkbench } from "./install";
import { startServer } from "./server";

async function main(extension: string, workspace: string, file: string): Promise<void> {
  const interrupted = new Promise<void>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve());
  });
  const workbench = await installWorkbench((step) => console.log(step));
  const root = await mkdtemp(join(tmpdir(), "reward-inspector-workbench-"));
  try {
    const server = await startServer(workbench, { root, workspace, extension, file });
    console.log(
      `\nReward Inspector runs in VS Code at\n\n  ${server.url}\n\nOpen it in a browser. Press Ctrl+C to stop it.`,
    );
    await Promise.race([interrupted, server.ended]);
    await server.stop();
  } finally {
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
  }
}

const [extension, workspace, file] = process.argv.slice(2);
if (extension === undefined || workspace === undefined || file === undefined) {
  throw new Error("usage: serve EXTENSION FOLDER FILE");
}
try {
  await main(extension, workspace, file);
} catch (error) {
  console.error(error instanceof EngineError ? error.message : error);
  console.error("The samples can be scored in the terminal, without it: npm start -- --terminal");
  process.exitCode = 1;
}
