import { describe, expect, it } from 'vitest';
import { withBeside } from './beside.js';
import { csvField, latexText, markdownText } from './escape.js';
import { DEFAULT_DETAILS, renderPivot } from './render.js';
import type { PivotTable, PivotTableCell } from './table.js';

const cell = (changes: Partial<PivotTableCell> = {}): PivotTableCell => ({
  ...{ n: 2, mean: 0.5, std: 0.01, min: 0.49, max: 0.51, interval: { low: 0.4, high: 0.6 }, completed: true },
  ...{ lacking: '', runs: [1, 2], gain: null, published: null },
  ...changes,
});
const table = (changes: Partial<PivotTable> = {}): PivotTable => ({
  ...{ title: 'mIoU on val, network 1', isShare: true, best: 'HIGHEST', bestWithin: 'COLUMN' },
  ...{ rowFields: ['method'], columnFields: ['split'], columns: [{ labels: ['1/8'] }, { labels: ['1/4'] }], notes: [] },
  rows: [
    { labels: ['A'], isPublished: false, cells: [cell({ mean: 0.5 }), cell({ mean: 0.71 })] },
    { labels: ['B'], isPublished: false, cells: [cell({ mean: 0.6 }), null] },
    { labels: ['C (published)'], isPublished: true, cells: [cell({ mean: 0.9, n: 0, std: null, runs: [] }), null] },
  ],
  ...changes,
});
const PLAIN = { ...DEFAULT_DETAILS, std: false, n: false };

describe('the best', () => {
  const marked = (changes: Partial<PivotTable>, digits = 2) =>
    [...renderPivot(table(changes), 'MARKDOWN', PLAIN, digits).matchAll(/\*\*(.*?)\*\*/g)].map(([, text]) => text);

  it('of each column is marked, unless it has no rival or is published', () => {
    expect(marked({})).toEqual(['60.00']);
    expect(marked({ best: 'LOWEST' })).toEqual(['50.00']);
    expect(marked({ best: null })).toEqual([]);
    expect(marked({ bestWithin: 'ROW' })).toEqual(['71.00']);
  });

  it('is every one that is shown like it, but none that is unfinished', () => {
    const rows = (...means: number[]) =>
      means.map((mean, i) => ({ labels: [String(i)], isPublished: false, cells: [cell({ mean })] }));
    const columns = [{ labels: [] }];
    expect(marked({ columns, rows: rows(0.61234, 0.61233, 0.6) })).toEqual(['61.23', '61.23']);
    expect(marked({ columns, rows: rows(0.61234, 0.61233, 0.6) }, 3)).toEqual(['61.234']);
    const unfinished = { labels: ['x'], isPublished: false, cells: [cell({ mean: 0.9, completed: false })] };
    expect(marked({ columns, rows: [...rows(0.5, 0.4), unfinished] })).toEqual(['50.00']);
  });
});

it('cells show the requested details', () => {
  const one = cell({ gain: { difference: -0.012, p: 0.0004 }, published: 0.52, lacking: '1 failed', completed: false });
  const [, , line] = renderPivot(
    table({ rows: [{ labels: ['A'], isPublished: false, cells: [one, cell({ mean: null, lacking: '2 missing' })] }] }),
    'MARKDOWN',
    { std: true, n: true, interval: true, gain: true, published: true },
    1,
  ).split('\n');
  expect(line).toBe(
    '| A | 50.0 ± 1.0 \\[40.0, 60.0\\] (n = 2) −1.2 (p &lt; 0.001) (published 52.0, −2.0) unfinished (1 failed) | 2 missing |',
  );
});

it.each<[number, boolean, number, string]>([
  [0.12345, true, 1, '12.3'],
  [-0.5, false, 2, '−0.50'],
  [1234.5, false, 0, '1235'],
  [0.00001, false, 2, '1.00e-5'],
  [3e12, false, 1, '3.0e+12'],
  [-0.000001, true, 2, '0.00'],
  [0, false, 2, '0.00'],
])('%d, a share: %s, with %d digits is %s', (mean, isShare, digits, expected) => {
  const rows = [{ labels: [], isPublished: false, cells: [cell({ mean })] }];
  const text = renderPivot(
    table({ isShare, rows, rowFields: [], columnFields: [], columns: [{ labels: [] }] }),
    'TEXT',
    PLAIN,
    digits,
  );
  expect(text.split('\n')[2]!.trim()).toBe(expected);
});

describe('texts are escaped', () => {
  it('in LaTeX', () => {
    expect(latexText('a_b & 50% #1 {x} $y$ ~ ^ \\cmd "q" <a|b> ± × 열')).toBe(
      'a\\_b \\& 50\\% \\#1 \\{x\\} \\$y\\$ \\textasciitilde{} \\textasciicircum{} \\textbackslash{}cmd ' +
        '\\textquotedbl{}q\\textquotedbl{} \\textless{}a\\textbar{}b\\textgreater{} $\\pm$ $\\times$ 열',
    );
    expect(latexText('two\n\nparagraphs')).toBe('two paragraphs');
    // A row may begin with it, and the row or rule before it would take it for an argument.
    expect(['[2mm] x', ' *', 'a [b]*'].map(latexText)).toEqual(['{[}2mm] x', '{*}', 'a [b]*']);
  });

  it('in Markdown', () => {
    expect(markdownText('a|b *c* _d_ `e` [f](g) <b>&amp;\nnext')).toBe(
      'a\\|b \\*c\\* \\_d\\_ \\`e\\` \\[f\\](g) &lt;b&gt;&amp;amp; next',
    );
  });

  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
    ['+1+2', "'+1+2"],
    ['-cmd', "'-cmd"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-0.5', '-0.5'],
    ['-Infinity', '-Infinity'],
    [' padded ', '" padded "'],
    [-0.25, '-0.25'],
    [null, ''],
  ])('%j in CSV is %s', (value, expected) => {
    expect(csvField(value)).toBe(expected);
  });
});

it('CSV has one line for each cell, unrounded, and LaTeX is a booktabs table', () => {
  const odd = table({
    columns: [{ labels: ['1/8'] }],
    rows: [
      { labels: ['=A, "b"'], isPublished: false, cells: [cell({ mean: 1 / 3, gain: { difference: 0.1, p: null } })] },
    ],
    notes: ['100% sure'],
  });
  const lines = renderPivot(odd, 'CSV').split('\r\n');
  expect(lines[0]).toContain('"mean of mIoU on val, network 1",std,n');
  expect(lines[1]).toBe(`"'=A, ""b""",1/8,${1 / 3},0.01,2,0.49,0.51,0.4,0.6,true,,0.1,,,measured,1 2`);
  expect(lines[2]).toBe('');
  expect(renderPivot(odd, 'LATEX').split('\n')).toEqual([
    '% Needs \\usepackage{booktabs} and, for quotes, \\usepackage[T1]{fontenc}.',
    '\\begin{table}',
    '  \\centering',
    '  \\caption{mIoU on val, network 1, in percent. 100\\% sure}',
    '  \\begin{tabular}{lr}',
    '    \\toprule',
    '    mIoU on val, network 1, \\%: method & 1/8 \\\\',
    '    \\midrule',
    '    =A, \\textquotedbl{}b\\textquotedbl{} & 33.33 $\\pm$ 1.00 (n = 2) \\\\',
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
  ]);
});

it('text is aligned with wide characters', () => {
  const rows = ['한글', 'abc'].map((label) => ({ labels: [label], isPublished: false, cells: [cell()] }));
  const text = renderPivot(table({ rows, best: null, columns: [{ labels: ['열'] }] }), 'TEXT', PLAIN, 1);
  expect(text.split('\n')).toEqual([
    'mIoU on val, network 1, %: method    열',
    '───────────────────────────────────────',
    '한글                               50.0',
    'abc                                50.0',
  ]);
});

it('in LaTeX, no row begins with an option of the command before it', () => {
  const labels = ['[1cm] wide', '*', '[a] (published)'];
  const rows = labels.map((label, i) => ({ labels: [label], isPublished: i === 2, cells: [cell()] }));
  const lines = renderPivot(table({ title: '[loss', columns: [{ labels: ['x'] }], rows }), 'LATEX', PLAIN).split('\n');
  expect(lines.filter((line) => line.endsWith('\\\\')).map((line) => line.trim().split(' & ')[0])).toEqual([
    '{[}loss, \\%: method',
    '{[}1cm] wide',
    '{*}',
    '{[}a] (published)',
  ]);
});

it('text is aligned, and says what the mark means', () => {
  expect(renderPivot(table({ notes: ['Warning: x.'] }), 'TEXT', PLAIN, 1)).toBe(
    [
      'mIoU on val, network 1, %: method     1/8   1/4',
      '───────────────────────────────────────────────',
      'A                                    50.0  71.0',
      'B                                  * 60.0     –',
      'C (published)                        90.0     –',
      '',
      '* best',
      'Warning: x.',
    ].join('\n'),
  );
});

describe('another number', () => {
  const rare = table({
    ...{ title: 'mIoU of the rare classes (pole) on val', notes: ['Warning: y.'] },
    rows: [
      { labels: ['A'], isPublished: false, cells: [cell({ mean: 0.3 }), cell({ mean: 0.1, n: 1, std: null })] },
      { labels: ['B'], isPublished: false, cells: [cell({ mean: 0.2, gain: { difference: -0.1, p: 0.5 } }), null] },
    ],
  });
  const both = withBeside(table({ notes: ['Warning: x.'] }), [{ ...rare, name: 'rare classes' }]);

  it('has a column beside each of the table, with a best of its own', () => {
    expect(renderPivot(both, 'TEXT', PLAIN, 1)).toBe(
      [
        'mIoU on val, network 1, %: method     1/8  1/8, rare classes   1/4  1/4, rare classes',
        '─────────────────────────────────────────────────────────────────────────────────────',
        'A                                    50.0             * 30.0  71.0               10.0',
        'B                                  * 60.0               20.0     –                  –',
        'C (published)                        90.0                  –     –                  –',
        '',
        '* best',
        'rare classes: mIoU of the rare classes (pole) on val, in percent.',
        'Warning: x.',
        'Warning: y.',
      ].join('\n'),
    );
    const inRows = withBeside(table({ bestWithin: 'ROW' }), [{ ...rare, bestWithin: 'ROW', name: 'rare classes' }]);
    expect(renderPivot(inRows, 'MARKDOWN', PLAIN, 1).split('\n')[2]).toBe('| A | 50.0 | **30.0** | **71.0** | 10.0 |');
  });

  it('comes last in CSV, so that the columns of the table keep their places', () => {
    const [header, first, , third, last] = renderPivot(both, 'CSV').split('\r\n');
    const [own, ownFirst] = renderPivot(table(), 'CSV').split('\r\n');
    const title = '"mean of mIoU of the rare classes (pole) on val"'.slice(1, -1);
    expect(header).toBe(
      `${own},${['mean', 'std', 'n', 'gain', 'gain_p'].map((name) => title.replace('mean', name)).join(',')}`,
    );
    expect(first).toBe(`${ownFirst},0.3,0.01,2,,`);
    expect(third).toMatch(/,measured,1 2,0\.2,0\.01,2,-0\.1,0\.5$/);
    expect(last).toMatch(/,published,,,,,,$/);
  });

  it('of runs that were added between the two is left out', () => {
    const later = { ...rare, rows: [{ labels: ['0'], isPublished: false, cells: [cell(), cell()] }, ...rare.rows] };
    const text = renderPivot(withBeside(table(), [{ ...later, name: 'rare' }]), 'MARKDOWN', PLAIN, 1);
    expect(text.split('\n').slice(2, 4)).toEqual(['| A | 50.0 | – | 71.0 | – |', '| B | **60.0** | – | – | – |']);
  });
});
