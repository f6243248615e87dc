/** The content-security policy of webviews: own files, scripts with the page's nonce, nothing from elsewhere. */

/** Of an empty `<style>`: the toolkit makes one to see whether the browser knows :focus-visible, and nothing else. */
const emptyStyle = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/** @param source where the extension's own files come from: `webview.cspSource` */
export function contentSecurityPolicy(source: string, nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} ${emptyStyle}`,
    `img-src data: ${source}`,
    `font-src ${source}`,
  ].join("; ");
}
