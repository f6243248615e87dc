/** `reward-inspector devices`: lists the devices that can run models. */
import { Command } from "commander";
import type { DeviceReport } from "../../protocol/models";
import type { Tools } from "../flags/options";
import { table } from "../output/table";

export function devicesCommand({ engine, terminal }: Tools): Command {
  return new Command("devices")
    .description("List the devices that can run models, fastest first, as measured with a small decoder.")
    .option("--refresh", "measure again, for example after installing a driver")
    .option("--json", "print JSON")
    .action(async ({ refresh, json }: { refresh?: boolean; json?: boolean }) => {
      const reports = [...(await engine.devices({ refresh: refresh ?? false }))].sort(
        (a, b) => speed(b) - speed(a),
      );
      await terminal.print(json ? JSON.stringify(reports, undefined, 2) : table(reports.map(row)));
    });
}

function speed(report: DeviceReport): number {
  return report.works ? report.tokensPerSecond : 0;
}

function row(report: DeviceReport): string[] {
  const { provider } = report;
  if (!report.works) return [provider, "not usable", report.problem];
  return [
    provider,
    `${report.tokensPerSecond.toLocaleString("en")} tokens/s`,
    report.kernels === "primitive" ? "uses plain operators, because its fused ones fail" : "",
  ];
}
