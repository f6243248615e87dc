/** The page's one tooltip, shown next to its token and inside the window. */
import { element } from "./dom";
import type { TokenDetails } from "./strip/token-details";

const gap = 6;

export class Tooltip {
  readonly element: HTMLElement;

  constructor() {
    this.element = element("div", "tooltip");
    this.element.hidden = true;
    this.element.setAttribute("role", "tooltip");
  }

  show({ quoted, place, figures }: TokenDetails, anchor: DOMRect): void {
    const list = element("dl");
    for (const { name, value } of figures) {
      list.append(element("div", "", element("dt", "", name), element("dd", "", value)));
    }
    this.element.replaceChildren(element("strong", "", quoted), element("span", "place", place), list);
    this.element.hidden = false;
    this.#place(anchor);
  }

  hide(): void {
    this.element.hidden = true;
  }

  #place(anchor: DOMRect): void {
    // At the window's edge its measured width would be too small.
    this.element.style.left = "0";
    const { width, height } = this.element.getBoundingClientRect();
    const left = Math.max(gap, Math.min(anchor.left, window.innerWidth - width - gap));
    const below = anchor.bottom + gap;
    const isBelow = below + height + gap <= window.innerHeight;
    this.element.style.left = `${left}px`;
    this.element.style.top = `${isBelow ? below : Math.max(gap, anchor.top - gap - height)}px`;
  }
}
