/** Why a test did not run on a machine. The end of a run groups the tests that did not by these notes. */

const separator = "; to run: ";

/**
 * The note of a skipped test.
 * @param reason why it does not run here
 * @param remedy a command, or else what to change; undefined: nothing helps here
 */
export function lack(reason: string, remedy?: string): string {
  return remedy === undefined ? reason : `${reason}${separator}${remedy}`;
}

export function reasonAndRemedy(note: string): { readonly reason: string; readonly remedy?: string } {
  const [reason = note, remedy] = note.split(separator);
  return remedy === undefined ? { reason } : { reason, remedy };
}
