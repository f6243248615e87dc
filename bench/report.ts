/** What goes to the terminal: Markdown, so that it can be kept. */

export function heading(text: string): void {
  console.log(`\n### ${text}\n`);
}

export function table(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  console.log([line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n"));
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
