/** Creates elements. Strings are always inserted as text, so nothing in a completion becomes markup. */

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  made.append(...children);
  return made;
}

/** Sets the text of an element that contains only text, reusing its text node if possible. */
export function setText(into: HTMLElement, text: string): void {
  const { firstChild } = into;
  if (firstChild instanceof Text && firstChild === into.lastChild) firstChild.data = text;
  else into.textContent = text;
}

const paths = {
  check: "M3 8.5 6.5 12 13 4.5",
  cross: "M4 4l8 8M12 4l-8 8",
  left: "M10 3 5 8l5 5",
  right: "M6 3l5 5-5 5",
  skip: "M3 3l5 5-5 5M9 3l5 5-5 5",
  warning: "M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 11.6v.6",
} as const;

export type IconName = keyof typeof paths;

/** A 16 × 16 icon in the color of the surrounding text, hidden from screen readers. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("width", "16");
  svg.setAttribute("height", "16");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", paths[name]);
  svg.append(path);
  return svg;
}
