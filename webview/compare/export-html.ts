/** The page as a file that any browser opens: no scripts, nothing from elsewhere, and a policy that holds it so. */
import type { ExportPage } from "./export-page";

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

export function exportHtml({ title, body, style }: ExportPage): string {
  const page = document.implementation.createHTMLDocument(title);
  page.documentElement.lang = "en";
  const meta = (attributes: Readonly<Record<string, string>>): HTMLElement => {
    const made = page.createElement("meta");
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const rules = page.createElement("style");
  rules.textContent = `body { margin: 0; }\n${style}`;
  page.head.prepend(
    meta({ charset: "utf-8" }),
    meta({ "http-equiv": "Content-Security-Policy", content: policy }),
    meta({ name: "viewport", content: "width=device-width" }),
  );
  page.head.append(rules);
  page.body.append(body);
  return `<!doctype html>\n${page.documentElement.outerHTML.toWellFormed()}\n`;
}
