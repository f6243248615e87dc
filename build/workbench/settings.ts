/** Settings of a workbench with nothing in it but VS Code and the extension: no tips, no chat, no updates. */
export const plainSettings: Readonly<Record<string, unknown>> = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.enableExperiments": false,
  "window.commandCenter": false,
  "chat.disableAIFeatures": true,
  "chat.commandCenter.enabled": false,
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "telemetry.telemetryLevel": "off",
  "git.enabled": false,
  "files.hotExit": "off",
  "files.autoSave": "off",
  "remote.autoForwardPorts": false,
  "editor.accessibilitySupport": "off",
  // Rows of JSON Lines are long, and tests look at what is on the screen.
  "[jsonl]": { "editor.wordWrap": "on" },
};

/** The themes that everything is looked at in. */
export const themes = {
  dark: "Default Dark Modern",
  light: "Default Light Modern",
  "high-contrast": "Default High Contrast",
  "high-contrast-light": "Default High Contrast Light",
} as const;

export type Theme = keyof typeof themes;
