/** Content security policy of webviews: the extension's own files, and scripts with the page's nonce. */

/** Hash of an empty `<style>`, which the toolkit adds to test whether the browser supports `:focus-visible`. */
const emptyStyle = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/** @param source origin of the extension's own files: `webview.cspSource` */
export function contentSecurityPolicy(source: string, nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} ${emptyStyle}`,
    `img-src data: ${source}`,
    `font-src ${source}`,
  ].join("; ");
}
