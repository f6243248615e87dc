/** Defines the VS Code variables that our webviews use, in four of VS Code's themes. */

export interface WebviewTheme {
  readonly name: string;
  readonly bodyClass: string;
  readonly variables: Readonly<Record<string, string>>;
}

const fonts = {
  "font-family": '"DejaVu Sans", system-ui, sans-serif',
  "font-size": "13px",
  "font-weight": "normal",
  "editor-font-family": '"DejaVu Sans Mono", monospace',
  "editor-font-size": "14px",
};

export const darkModern: WebviewTheme = {
  name: "dark",
  bodyClass: "vscode-dark",
  variables: {
    ...fonts,
    "editor-background": "#1f1f1f",
    "editor-foreground": "#cccccc",
    foreground: "#cccccc",
    descriptionForeground: "#9d9d9d",
    focusBorder: "#0078d4",
    "button-background": "#0078d4",
    "button-foreground": "#ffffff",
    "button-hoverBackground": "#026ec1",
    "button-border": "#ffffff12",
    "button-secondaryBackground": "#313131",
    "button-secondaryForeground": "#cccccc",
    "button-secondaryHoverBackground": "#3c3c3c",
    "dropdown-background": "#313131",
    "dropdown-border": "#3c3c3c",
    "dropdown-foreground": "#cccccc",
    "list-activeSelectionBackground": "#04395e",
    "list-activeSelectionForeground": "#ffffff",
    "list-hoverBackground": "#2a2d2e",
    "charts-green": "#89d185",
    "charts-blue": "#59a4f9",
    "charts-yellow": "#cca700",
    "editorHoverWidget-background": "#202020",
    "editorHoverWidget-foreground": "#cccccc",
    "editorHoverWidget-border": "#454545",
    "widget-shadow": "#0000005c",
    "progressBar-background": "#0078d4",
    "editorWarning-foreground": "#cca700",
  },
};

export const lightModern: WebviewTheme = {
  name: "light",
  bodyClass: "vscode-light",
  variables: {
    ...fonts,
    "editor-background": "#ffffff",
    "editor-foreground": "#3b3b3b",
    foreground: "#3b3b3b",
    descriptionForeground: "#3b3b3b",
    focusBorder: "#005fb8",
    "button-background": "#005fb8",
    "button-foreground": "#ffffff",
    "button-hoverBackground": "#0258a8",
    "button-border": "#0000001a",
    "button-secondaryBackground": "#e5e5e5",
    "button-secondaryForeground": "#3b3b3b",
    "button-secondaryHoverBackground": "#cccccc",
    "dropdown-background": "#ffffff",
    "dropdown-border": "#cecece",
    "dropdown-foreground": "#3b3b3b",
    "list-activeSelectionBackground": "#e8e8e8",
    "list-activeSelectionForeground": "#000000",
    "list-hoverBackground": "#f2f2f2",
    "charts-green": "#388a34",
    "charts-blue": "#0063d3",
    "charts-yellow": "#bf8803",
    "editorHoverWidget-background": "#f8f8f8",
    "editorHoverWidget-foreground": "#3b3b3b",
    "editorHoverWidget-border": "#c8c8c8",
    "widget-shadow": "#00000029",
    "progressBar-background": "#005fb8",
    "editorWarning-foreground": "#bf8803",
  },
};

export const highContrast: WebviewTheme = {
  name: "high-contrast",
  bodyClass: "vscode-high-contrast",
  variables: {
    ...fonts,
    "editor-background": "#000000",
    "editor-foreground": "#ffffff",
    foreground: "#ffffff",
    descriptionForeground: "rgba(255, 255, 255, 0.7)",
    contrastBorder: "#6fc3df",
    contrastActiveBorder: "#f38518",
    focusBorder: "#f38518",
    "button-foreground": "#ffffff",
    "button-border": "#6fc3df",
    "button-secondaryForeground": "#ffffff",
    "dropdown-background": "#000000",
    "dropdown-border": "#6fc3df",
    "dropdown-foreground": "#ffffff",
    "charts-green": "#89d185",
    "charts-blue": "#59a4f9",
    "charts-yellow": "#ffd370",
    "editorHoverWidget-background": "#0c141f",
    "editorHoverWidget-foreground": "#ffffff",
    "editorHoverWidget-border": "#6fc3df",
    "progressBar-background": "#6fc3df",
    "editorWarning-foreground": "#ffd370",
  },
};

export const highContrastLight: WebviewTheme = {
  name: "high-contrast-light",
  bodyClass: "vscode-high-contrast-light vscode-high-contrast",
  variables: {
    ...fonts,
    "editor-background": "#ffffff",
    "editor-foreground": "#292929",
    foreground: "#292929",
    descriptionForeground: "rgba(41, 41, 41, 0.7)",
    contrastBorder: "#0f4a85",
    contrastActiveBorder: "#006bbd",
    focusBorder: "#006bbd",
    "button-background": "#0f4a85",
    "button-foreground": "#ffffff",
    "button-border": "#0f4a85",
    "button-secondaryBackground": "#ffffff",
    "button-secondaryForeground": "#292929",
    "dropdown-background": "#ffffff",
    "dropdown-border": "#0f4a85",
    "dropdown-foreground": "#292929",
    "charts-green": "#374e06",
    "charts-blue": "#0063d3",
    "charts-yellow": "#895503",
    "editorHoverWidget-background": "#ffffff",
    "editorHoverWidget-foreground": "#292929",
    "editorHoverWidget-border": "#0f4a85",
    "progressBar-background": "#0f4a85",
    "editorWarning-foreground": "#895503",
  },
};

export const themes = [darkModern, lightModern, highContrast, highContrastLight] as const;

/** Formats the variables as VS Code writes them on the root element. */
export function rootStyle({ variables }: WebviewTheme): string {
  return Object.entries(variables)
    .map(([name, value]) => `--vscode-${name}: ${value};`)
    .join(" ");
}
