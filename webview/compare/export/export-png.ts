/**
 * Exports the page as a PNG: an SVG image with the page in a foreignObject is drawn on a canvas. Chromium lets such a
 * canvas be read only if the image came from a data URL, not from a blob URL.
 */
import { element } from "../../shared/dom";
import type { ExportPage } from "./export-page";
import { pageWidth } from "./export-style";

/** Longest side in pixels: Chromium allows 65,535, but many GPUs only 16,384. */
const longestSide = 16_000;
const finest = 2;
const coarsest = 0.5;

/** @returns a PNG in base64. @throws if the page is too long for a legible image */
export async function exportPng({ body, style }: ExportPage): Promise<string> {
  await Promise.all([...body.querySelectorAll("img")].map((image) => image.decode()));
  const height = heightOf(body, style);
  const scale = Math.min(finest, longestSide / height);
  if (scale < coarsest) throw new Error("it is too long for an image; export it as HTML");
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg(body, style, height))}`;
  await image.decode();
  const canvas = element("canvas");
  canvas.width = Math.round(pageWidth * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this window cannot draw images; export it as HTML");
  context.scale(scale, scale);
  context.drawImage(image, 0, 0);
  return canvas.toDataURL("image/png").replace("data:image/png;base64,", "");
}

/** Height in CSS pixels, measured in a shadow tree so that the panel's own styles do not apply. */
function heightOf(body: HTMLElement, style: string): number {
  const stage = element("div", "stage");
  const shadow = stage.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  shadow.adoptedStyleSheets = [sheet];
  shadow.append(body);
  stage.style.width = `${pageWidth}px`;
  document.body.append(stage);
  const height = Math.ceil(body.getBoundingClientRect().height);
  stage.remove();
  return height;
}

function svg(body: HTMLElement, style: string, height: number): string {
  const rules = element("style");
  rules.textContent = style;
  const page = element("div", "", rules, body);
  const xhtml = xmlSafe(new XMLSerializer().serializeToString(page));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${pageWidth}" height="${height}"><foreignObject width="100%" height="100%">${xhtml}</foreignObject></svg>`;
}

/** Replaces characters that XML does not allow with U+FFFD. */
function xmlSafe(text: string): string {
  return text.toWellFormed().replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
}
