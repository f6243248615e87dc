/** Keys without modifiers that act on the page, but never while the user types or opens VS Code's find box. */

const typing = "input, textarea, select, vscode-dropdown, [contenteditable]";

export class Shortcuts {
  /** The find box was asked for. Until it has the focus, what is typed still arrives here. */
  #isFinding = false;

  /** @param act returns whether the key does something now */
  constructor(act: (key: string) => boolean) {
    window.addEventListener("focus", () => this.#found());
    document.addEventListener("pointerdown", () => this.#found());
    document.addEventListener("keydown", (event) => {
      const key = event.key.toLowerCase();
      const isChord = event.ctrlKey || event.metaKey || event.altKey;
      if (isChord && key === "f") this.#isFinding = true;
      if (key === "escape") this.#found();
      if (isChord || event.shiftKey || this.#isFinding || event.isComposing) return;
      if (event.target instanceof Element && event.target.closest(typing) !== null) return;
      if (act(key)) event.preventDefault();
    });
  }

  #found(): void {
    this.#isFinding = false;
  }
}
