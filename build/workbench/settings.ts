/** Settings for a workbench without tips, chat, updates or anything else that could disturb a test. */
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
  // JSON Lines rows are long, and tests check what is visible.
  "[jsonl]": { "editor.wordWrap": "on" },
};

/** The themes that the tests cover. */
export const themes = {
  dark: "Default Dark Modern",
  light: "Default Light Modern",
  "high-contrast": "Default High Contrast",
  "high-contrast-light": "Default High Contrast Light",
} as const;

export type Theme = keyof typeof themes;
