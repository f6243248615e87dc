/** Prints results as Markdown, so that they can be pasted into notes. */

/** A table that prints each row as soon as it is measured. */
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
