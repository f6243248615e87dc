/**
 * The only module that uses @vscode/webview-ui-toolkit, which is no longer developed. Neither the toolkit nor
 * @vscode-elements/elements has a slider, so the slider here is the browser's own.
 */
import {
  type Button,
  type Dropdown,
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
} from "@vscode/webview-ui-toolkit";
import { element, setText } from "./dom";

/** Must be called once, before the first control is created. */
export function registerControls(): void {
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeProgressRing(),
  );
}

export interface ButtonOptions {
  /** Read by screen readers and shown as the tooltip. */
  readonly label: string;
  readonly content: Node | string;
  readonly appearance: "icon" | "secondary" | "primary";
  readonly onClick: () => void;
}

export interface ButtonControl {
  readonly element: HTMLElement;
  enable(isEnabled: boolean): void;
}

export function button({ label, content, appearance, onClick }: ButtonOptions): ButtonControl {
  const control = document.createElement("vscode-button") as Button;
  control.setAttribute("appearance", appearance);
  control.setAttribute("aria-label", label);
  control.title = label;
  control.append(content);
  control.addEventListener("click", () => {
    if (!control.disabled) onClick();
  });
  return {
    element: control,
    enable: (isEnabled) => {
      control.disabled = !isEnabled;
    },
  };
}

export interface SelectChoice<T extends string> {
  readonly value: T;
  readonly name: string;
  readonly isDisabled?: boolean;
}

export interface PickerControl<T extends string> {
  readonly element: HTMLElement;
  /** Does not call `onPick`. */
  show(choices: readonly SelectChoice<T>[], picked: T): void;
}

/** A labeled drop-down list. */
export function picker<T extends string>(label: string, onPick: (value: T) => void): PickerControl<T> {
  const control = document.createElement("vscode-dropdown") as Dropdown;
  control.setAttribute("aria-label", label);
  let shown = "";
  let choices: readonly SelectChoice<T>[] = [];
  control.addEventListener("change", () => {
    const picked = choices.find(({ value }) => value === control.value);
    if (picked && picked.value !== shown) {
      shown = picked.value;
      onPick(picked.value);
    }
  });
  const show = (next: readonly SelectChoice<T>[], picked: T): void => {
    // The list may be open, so it is rebuilt only if it has changed.
    if (JSON.stringify(next) !== JSON.stringify(choices)) {
      choices = next;
      control.replaceChildren(...next.map(option));
    }
    control.disabled = next.length < 2;
    shown = picked;
    // The toolkit accepts a value only after its options are in the page.
    requestAnimationFrame(() => {
      control.value = shown;
    });
  };
  return { element: labeled(label, control), show };
}

function option({ value, name, isDisabled }: SelectChoice<string>): HTMLElement {
  const made = document.createElement("vscode-option");
  made.setAttribute("value", value);
  if (isDisabled) made.setAttribute("disabled", "");
  made.textContent = name;
  return made;
}

export interface SliderOptions {
  readonly label: string;
  readonly low: number;
  readonly high: number;
  readonly step: number;
  readonly text: (value: number) => string;
  /** Called while the slider moves, too. */
  readonly onMove: (value: number) => void;
}

export interface SliderControl {
  readonly element: HTMLElement;
  show(value: number, isEnabled: boolean): void;
}

export function slider({ label, low, high, step, text, onMove }: SliderOptions): SliderControl {
  const input = element("input", "slider");
  Object.assign(input, { type: "range", min: `${low}`, max: `${high}`, step: `${step}` });
  input.setAttribute("aria-label", label);
  const value = element("span", "value");
  const write = (shown: number): void => {
    setText(value, text(shown));
    input.setAttribute("aria-valuetext", text(shown));
  };
  input.addEventListener("input", () => {
    write(input.valueAsNumber);
    onMove(input.valueAsNumber);
  });
  return {
    element: labeled(label, value, input),
    show: (shown, isEnabled) => {
      input.disabled = !isEnabled;
      // The value does not change while the user drags the slider.
      if (!input.matches(":active")) input.value = `${shown}`;
      write(shown);
    },
  };
}

export function progressRing(): HTMLElement {
  const ring = document.createElement("vscode-progress-ring");
  ring.setAttribute("aria-label", "Loading");
  return ring;
}

function labeled(label: string, ...controls: readonly HTMLElement[]): HTMLElement {
  const name = element("span", "name", label);
  name.setAttribute("aria-hidden", "true");
  return element("div", "control", name, ...controls);
}
