/** HTML page around a webview's bundle, which loads only files of the extension. */
import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { contentSecurityPolicy } from "./policy";

/** @param name name of the bundle in dist/webview */
export function webviewPage(
  webview: vscode.Webview,
  extension: vscode.Uri,
  name: string,
  title: string,
): string {
  const file = (extension_: string): string =>
    webview
      .asWebviewUri(vscode.Uri.joinPath(extension, "dist", "webview", `${name}.${extension_}`))
      .toString();
  const nonce = randomBytes(16).toString("base64url");
  const policy = contentSecurityPolicy(webview.cspSource, nonce);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${file("css")}">
<title>${title}</title>
</head>
<body><script nonce="${nonce}" src="${file("js")}"></script></body>
</html>`;
}

export function webviewOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return {
    enableScripts: true,
    localResourceRoots: [vscode.Uri.joinPath(extension, "dist", "webview")],
  };
}
