/**
 * The page as a picture: an SVG image whose foreignObject holds it, drawn on a canvas. From a data URL Chromium lets
 * such a canvas be read; from a blob URL it does not.
 */
import { element } from "../../shared/dom";
import type { ExportPage } from "./export-page";
import { pageWidth } from "./export-style";

/** Chromium's canvases go up to 65,535 pixels a side, graphics cards often to half of a quarter of that. */
const longestSide = 16_000;
const finest = 2;
const coarsest = 0.5;

/** Base64 of a PNG. @throws where the page is too long to be read as a picture */
export async function exportPng({ body, style }: ExportPage): Promise<string> {
  await Promise.all([...body.querySelectorAll("img")].map((image) => image.decode()));
  const height = heightOf(body, style);
  const scale = Math.min(finest, longestSide / height);
  if (scale < coarsest) throw new Error("it is too long for a picture; export it as HTML");
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg(body, style, height))}`;
  await image.decode();
  const canvas = element("canvas");
  canvas.width = Math.round(pageWidth * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this window draws no pictures; export it as HTML");
  context.scale(scale, scale);
  context.drawImage(image, 0, 0);
  return canvas.toDataURL("image/png").replace("data:image/png;base64,", "");
}

/** In a shadow tree, where the page's style meets no other. */
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

/** XML knows fewer characters than completions have. */
function xmlSafe(text: string): string {
  return text.toWellFormed().replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd");
}
