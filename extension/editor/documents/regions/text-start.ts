/** Returns the offset at which a document's text begins, after its byte-order mark. */
export function textStart(document: string): number {
  return document.startsWith("\uFEFF") ? 1 : 0;
}
