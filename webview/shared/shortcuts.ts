/** Single-key shortcuts, which are off while the user types or VS Code's find box opens. */

const typing = "input, textarea, select, vscode-dropdown, [contenteditable]";

export class Shortcuts {
  /** True while the find box opens. Until it has the focus, keys still arrive here. */
  #isFinding = false;

  /** @param act handles the key; returns whether it did anything */
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
