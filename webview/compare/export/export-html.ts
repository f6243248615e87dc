/** Exports the page as a standalone file: no scripts, no external resources, and a policy that enforces both. */
import { element } from "../../shared/dom";
import type { ExportPage } from "./export-page";

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

export function exportHtml({ title, body, style, ground }: ExportPage): string {
  // The head is written as text because the panel's own policy forbids style elements.
  const name = element("title", "", title);
  const rules = `body { margin: 0; background: ${ground}; }\n${style}`.replaceAll("<", "\\3c ");
  const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
${name.outerHTML}
<style>${rules}</style>
</head>
<body>${body.outerHTML}</body>
</html>
`;
  return page.toWellFormed();
}
