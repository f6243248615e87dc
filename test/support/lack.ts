/** Notes on why a test was skipped, by which the summary groups skipped tests. */

const separator = "; to run: ";

/**
 * Formats the note of a skipped test.
 *
 * @param reason why the test cannot run on this machine
 * @param remedy a command or a change that lets it run, or undefined if there is none
 */
export function lack(reason: string, remedy?: string): string {
  return remedy === undefined ? reason : `${reason}${separator}${remedy}`;
}

export function reasonAndRemedy(note: string): { readonly reason: string; readonly remedy?: string } {
  const [reason = note, remedy] = note.split(separator);
  return remedy === undefined ? { reason } : { reason, remedy };
}
