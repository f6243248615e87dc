/** The style of exported pages, in the colors of the current theme. */
import { css } from "../../shared/contrast";
import type { Theme } from "../../shared/theme";

/** Width of exported pages in CSS pixels. */
export const pageWidth = 1200;

export function pageStyle(theme: Theme): string {
  const color = {
    background: css(theme.background),
    card: css(theme.card),
    text: css(theme.foreground),
    dim: css(theme.dim),
    line: css(theme.line),
    good: css(theme.good),
    low: css(theme.low),
  };
  const lines = [css(theme.high), css(theme.low), css(theme.first), css(theme.second)];
  return `
.page { box-sizing: border-box; width: 100%; max-width: ${pageWidth}px; margin: 0 auto; padding: 24px 28px;
  background: ${color.background}; color: ${color.text}; font: 13px/1.45 ${theme.font}; }
.page * { box-sizing: border-box; }
.page h1 { font-size: 16px; font-weight: 600; margin: 0; }
.page .about { margin: 2px 0 0; color: ${color.dim}; }
.page .prompt { margin: 16px 0 0; padding-left: 12px; border-left: 2px solid ${color.line}; color: ${color.dim};
  white-space: pre-wrap; overflow-wrap: anywhere; }
.page .pair { display: grid; gap: 14px; margin: 16px 0 14px; }
.page .sides-2 { grid-template-columns: minmax(0, 1fr) 132px minmax(0, 1fr); }
.page .card { background: ${color.card}; border: 1px solid ${color.line}; border-radius: 6px; padding: 12px 14px; }
.page h2 { margin: 0 0 2px; font-size: 12px; font-weight: 600; color: ${color.dim}; }
.page h2 .model { margin-left: 10px; font-weight: 400; }
.page .label { display: inline-block; }
.page .label::first-letter { text-transform: uppercase; }
.page .figures { display: flex; gap: 18px; align-items: baseline; color: ${color.dim};
  font-variant-numeric: tabular-nums; }
.page .list { display: flex; flex-wrap: wrap; gap: 0 18px; }
.page .reward { font-size: 22px; color: ${color.text}; }
.page .figure b { font-weight: 400; color: ${color.text}; border-bottom: 2px solid transparent; }
.page .figure b.low { border-bottom-color: ${color.low}; }
.page .visually-hidden, .page [hidden] { display: none; }
.page .warnings { margin: 6px 0 0; padding: 0; list-style: none; }
.page .warnings li, .page .number { display: flex; gap: 6px; align-items: center; }
.page .margin { display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 6px;
  text-align: center; }
.page .number { font-size: 20px; font-variant-numeric: tabular-nums; }
.page .sign { display: inline-flex; }
.page .ranked { color: ${color.good}; } .page .misranked { color: ${color.low}; }
.page div.margin { color: ${color.text}; }
.page .caption { font-size: 12px; color: ${color.dim}; }
.page .icon { fill: none; stroke: currentcolor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
.page .bar { position: relative; width: 100%; height: 6px; border-radius: 3px; background: ${css(theme.dim, 0.3)}; }
.page .fill { position: absolute; top: 0; bottom: 0; background: ${color.good}; }
.page .misranked .fill { background: ${color.low}; }
.page .strip { margin-top: 10px; font: 14px/1.9 ${theme.monoFont}; white-space: pre-wrap; overflow-wrap: anywhere;
  unicode-bidi: isolate; tab-size: 4; }
:where(.page) .unit { border-radius: 3px; border-bottom: 2px solid transparent; padding: 1px 0;
  -webkit-box-decoration-break: clone; box-decoration-break: clone; }
.page .parting { border-left: 2px dotted ${color.text}; padding: 3px 0; margin: 0 2px 0 1px; }
.page .unit.added { font-size: 0.8em; margin-left: 0.5em; padding: 1px 4px; }
.page .newline::before { content: "↵"; color: ${color.dim}; opacity: 0.55; }
.page .unseen { font-size: 0.75em; border: 1px solid ${color.line}; border-radius: 2px; padding: 0 2px; }
.page .cut { margin: 0 4px; padding: 1px 6px; border: 1px dashed ${color.text}; border-radius: 3px;
  font: 11px ${theme.font}; }
.page .unscored { color: ${color.dim}; font-style: italic; }
.page .with-values { line-height: 1.5; }
.page .with-values .unit { display: inline-block; position: relative; margin: 0 1px 16px 0; min-width: 4.4ch;
  text-align: center; vertical-align: top; }
.page .with-values .unit.added { font-size: inherit; margin-left: 6px; }
.page .with-values .unit::after { content: attr(data-value); position: absolute; left: 0; right: 0; top: calc(100% + 3px);
  text-align: center;  font: 10px/12px ${theme.font}; color: ${color.dim}; }
.page .key { display: flex; flex-wrap: wrap; gap: 4px 18px; align-items: center; margin-bottom: 8px;
  color: ${color.dim}; }
.page .item { display: inline-flex; align-items: center; gap: 6px; }
.page .sample { width: 20px; border-top: 2px solid; }
.page .sample.side-1 { border-top-style: dashed; }
.page .side-0.of-pair { color: ${lines[0]}; } .page .side-1.of-pair { color: ${lines[1]}; }
.page .side-0.of-others { color: ${lines[2]}; } .page .side-1.of-others { color: ${lines[3]}; }
.page .sample.parts { width: 0; height: 14px; border-top: 0; border-left: 2px dotted ${color.text}; }
.page .items, .page .legend { display: inline-flex; flex-wrap: wrap; align-items: center; gap: 4px 18px; }
.page .legend { margin-left: auto; }
.page .ramp { display: inline-flex; align-items: center; gap: 8px; }
.page .swatches { position: relative; display: inline-flex; width: 189px; height: 10px; }
.page .swatch { flex: 1; }
.page .swatches::after { content: ""; position: absolute; left: 50%; top: -3px; bottom: -3px; margin-left: -1px;
  border-left: 2px solid ${color.text}; }
.page img { display: block; width: 100%; }
`;
}
