/** What goes to the terminal: Markdown, so that it can be kept. */

/** A table whose rows appear as they are measured. */
export class Table {
  constructor(title: string, header: readonly string[]) {
    console.log(`\n### ${title}\n`);
    this.add(header);
    this.add(header.map(() => "---"));
  }

  add(cells: readonly string[]): void {
    console.log(`| ${cells.join(" | ")} |`);
  }
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
