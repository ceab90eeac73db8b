/** The look of the page, for light and dark screens and for paper. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1b2330; --soft: #5d6878; --line: #dde2ea; --back: #f6f7f9; --card: #fff;
  --accent: #2c6bed; --bad: #b3261e; --bad-back: #fdecea; --warn: #8a5a00; --warn-back: #fff6e0; --good: #1c7a3f; --good-back: #e7f6ec; }
@media (prefers-color-scheme: dark) { :root { --text: #e6eaf0; --soft: #9aa5b5; --line: #2d3542; --back: #12161d; --card: #1a202a;
  --accent: #7aa6ff; --bad: #ff9d94; --bad-back: #3a1a18; --warn: #ffd27a; --warn-back: #352a12; --good: #7fdca0; --good-back: #15301f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, "Segoe UI", "Noto Sans", sans-serif; }
main, header > div { max-width: 1180px; margin: 0 auto; padding: 0 24px; }
header { background: var(--card); border-bottom: 1px solid var(--line); padding: 28px 0 20px; }
h1 { margin: 0; font-size: 28px; line-height: 1.2; overflow-wrap: anywhere; }
h2 { margin: 0 0 12px; font-size: 19px; }
h3 { margin: 24px 0 8px; font-size: 15px; display: flex; align-items: center; gap: 8px; flex-wrap: wrap; }
h3 small { color: var(--soft); font-weight: 400; }
.path, .note, figcaption span { color: var(--soft); }
.path { margin: 4px 0 0; overflow-wrap: anywhere; }
code { font: 12.5px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: 4px 18px; margin-top: 16px; }
nav a, a { color: var(--accent); text-decoration: none; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 20px 22px; margin: 20px 0; }
.note { margin: -6px 0 14px; max-width: 85ch; }
.verdict { display: inline-block; margin: 14px 0 0; padding: 4px 12px; border-radius: 999px; font-weight: 600; }
.verdict.good { color: var(--good); background: var(--good-back); }
.verdict.warn { color: var(--warn); background: var(--warn-back); }
.verdict.bad { color: var(--bad); background: var(--bad-back); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 12px; margin-top: 20px; }
.tile { border: 1px solid var(--line); border-radius: 10px; padding: 12px 16px; background: var(--card); }
.tile b { display: block; font-size: 24px; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); }
ul { margin: 0; padding: 0; list-style: none; }
li { padding: 8px 12px; border-radius: 6px; margin: 6px 0; overflow-wrap: anywhere; }
ul.problems li { color: var(--bad); background: var(--bad-back); }
ul.warnings li { color: var(--warn); background: var(--warn-back); }
ul.plain li { padding: 2px 0; margin: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: 13px; white-space: nowrap; }
th, td { padding: 5px 10px; border-bottom: 1px solid var(--line); }
tbody tr:last-child td { border-bottom: 0; }
td { white-space: nowrap; }
.number { text-align: right; }
td.number > .none, .none { color: var(--bad); font-weight: 700; }
.swatch { display: inline-block; width: 12px; height: 12px; border-radius: 3px; border: 1px solid rgba(128,128,128,.6); margin-right: 8px; vertical-align: -1px; }
.bar { display: inline-block; width: 110px; height: 8px; border-radius: 4px; background: var(--line); margin-left: 10px; overflow: hidden; }
.bar i { display: block; height: 100%; background: var(--accent); border-radius: 4px; }
.figures { display: flex; flex-wrap: wrap; gap: 15px; }
figure { margin: 0; width: min-content; min-width: 168px; }
.pictures { display: flex; gap: 6px; }
.pictures img { display: block; border-radius: 6px; }
figcaption { font-size: 12.5px; line-height: 1.4; margin-top: 5px; overflow-wrap: anywhere; }
figcaption b { display: block; font-weight: 600; }
footer { color: var(--soft); text-align: center; padding: 4px 0 32px; font-size: 13px; }
@media print { section { break-inside: auto; } figure { break-inside: avoid; } }
`;
