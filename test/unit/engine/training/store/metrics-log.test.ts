import { appendFile, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readLastMetrics, readMetrics } from "../../../../../extension/engine/training/store/metrics-file";
import { MetricsLog } from "../../../../../extension/engine/training/store/metrics-log";
import { temporaryFolder } from "../../../../support/temp-folder";
import { evaluationRow, stepRow } from "../run-examples";

const rows = [stepRow(1), stepRow(2, { rankingLoss: 0.5 }), evaluationRow(2), stepRow(3), stepRow(4)];

async function logged(): Promise<string> {
  const folder = await temporaryFolder();
  const log = await MetricsLog.create(folder);
  for (const row of rows) await log.append(row);
  await log.sync();
  await log.close();
  return folder;
}

test("rows are read as they were written", async () => {
  const folder = await logged();
  expect(await readMetrics(folder)).toEqual(rows);
  expect(await readLastMetrics(folder)).toEqual(rows.at(-1));
});

test("a run without rows has none", async () => {
  const folder = await temporaryFolder();
  expect(await readMetrics(folder)).toEqual([]);
  expect(await readLastMetrics(folder)).toBeUndefined();
});

test("a last line that was truncated anywhere is skipped", async () => {
  const folder = await logged();
  const path = join(folder, "metrics.jsonl");
  const whole = await readFile(path, "utf8");
  const lastLine = whole.lastIndexOf("\n", whole.length - 2) + 1;
  for (let size = whole.length - 1; size >= lastLine; size--) {
    await truncate(path, size);
    expect(await readMetrics(folder)).toEqual(rows.slice(0, -1));
  }
  await appendFile(path, Buffer.alloc(100));
  expect(await readLastMetrics(folder)).toEqual(rows.at(-2));
});

test("the last row of a long log is read from its end", async () => {
  const folder = await temporaryFolder();
  const all = Array.from({ length: 2000 }, (_, i) => stepRow(i + 1));
  const text = all.map((row) => `${JSON.stringify(row)}\n`).join("");
  expect(text.length).toBeGreaterThan(2 ** 17);
  await writeFile(join(folder, "metrics.jsonl"), `${text}{"kind":"st`);
  expect(await readLastMetrics(folder)).toEqual(all.at(-1));
});

test("a broken line in the middle is an error that names the line", async () => {
  const folder = await temporaryFolder();
  for (const broken of [
    '{"kind":"step"',
    "",
    "[]",
    '{"kind":"step","step":1}',
    '{"kind":"x","step":1,"loss":1}',
  ]) {
    await writeFile(join(folder, "metrics.jsonl"), `${JSON.stringify(stepRow(1))}\n${broken}\n`);
    await expect(readMetrics(folder)).rejects.toThrow(
      /metrics\.jsonl:2: is not a row of metrics; delete this line/,
    );
  }
});

test("a loss that is NaN stays NaN", async () => {
  const folder = await temporaryFolder();
  const log = await MetricsLog.create(folder);
  await log.append(stepRow(1, { loss: Number.NaN }));
  await log.close();
  expect(await readMetrics(folder)).toEqual([stepRow(1, { loss: Number.NaN })]);
});

test("a resumed run drops rows of later steps and an incomplete line, and appends to the rest", async () => {
  const folder = await logged();
  await appendFile(join(folder, "metrics.jsonl"), '{"kind":"step","st');
  const log = await MetricsLog.resume(folder, 2);
  expect(await readMetrics(folder)).toEqual(rows.slice(0, 3));
  await log.append(stepRow(3, { loss: 9 }));
  await log.close();
  expect(await readMetrics(folder)).toEqual([...rows.slice(0, 3), stepRow(3, { loss: 9 })]);
});

test("a run that was killed before its first checkpoint starts from scratch", async () => {
  const folder = await logged();
  await (await MetricsLog.resume(folder, 0)).close();
  expect(await readMetrics(folder)).toEqual([]);
});
