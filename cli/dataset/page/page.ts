import type { Inspected } from '../../../runner/data/inspect/inspect-dataset.js';
import type { Inspection } from '../../../runner/data/inspect/inspection.js';
import { counted } from '../../../runner/data/words.js';
import { number, PART_NAMES } from '../words.js';
import { classSheets } from './class-sheets.js';
import { escaped, list, section } from './html.js';
import { Pictures } from './pictures.js';
import { STYLE } from './style.js';
import { suspectSheets } from './suspect-sheets.js';
import { classTables, imageTable, splitTable } from './tables.js';

/** One HTML page that needs no other file and no network. */
export async function datasetPage(inspected: Inspected): Promise<string> {
  const { inspection } = inspected;
  const pictures = new Pictures(inspected.options);
  const sections = [
    section(
      'problems',
      'Problems',
      list('problems', inspection.problems),
      'Fix all of them: until then, no run can use the dataset.',
    ),
    section('warnings', 'Warnings', list('warnings', inspection.warnings)),
    section('suspects', 'Worth a look', await suspectSheets(inspected, pictures)),
    section('images', 'Images', imageTable(inspection)),
    section(
      'classes',
      'Classes',
      classTables(inspection),
      'Pixels of a class that touch at a side or a corner are one component. Sizes are in pixels.',
    ),
    section(
      'splits',
      'Labelled splits',
      splitTable(inspection),
      'The images of each class among the labels that the split draws with seed 0.',
    ),
    section(
      'pictures',
      'Pictures of each class',
      await classSheets(inspected, pictures),
      'From the image that holds most of the class to the one that holds least.',
    ),
  ].filter((part) => part !== '');
  const links = sections.map((part) => /<section id="(\w+)"><h2>([^<]+)/.exec(part)!);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(inspection.name)} – dataset</title>
<style>${STYLE}</style>
</head>
<body>
<header><div>
<h1>${escaped(inspection.name)}</h1>
<p class="path">${escaped(inspection.kind)} in ${escaped(inspection.directory)}</p>
${verdict(inspection)}
${tiles(inspection)}
<nav>${links.map(([, id, title]) => `<a href="#${id}">${title}</a>`).join('')}</nav>
</div></header>
<main>
${sections.join('\n')}
</main>
<footer>${inspection.fingerprint === null ? '' : `fingerprint <code>${inspection.fingerprint}</code>`}</footer>
</body>
</html>
`;
}

function verdict({ problems, warnings }: Inspection): string {
  if (problems.length > 0) return `<p class="verdict bad">cannot be used: ${counted(problems.length, 'problem')}</p>`;
  if (warnings.length > 0)
    return `<p class="verdict warn">can be used, with ${counted(warnings.length, 'warning')}</p>`;
  return '<p class="verdict good">can be used</p>';
}

function tiles({ parts, classes, duplicates, nearDuplicates }: Inspection): string {
  const tile = (value: number, what: string) => `<div class="tile"><b>${number(value)}</b><span>${what}</span></div>`;
  const alike = duplicates.filter(({ acrossSubsets }) => acrossSubsets).length + nearDuplicates.length;
  return `<div class="tiles">${[
    ...parts.map(({ part, images }) => tile(images, PART_NAMES[part])),
    tile(classes.length, 'classes'),
    tile(alike, 'alike across subsets'),
  ].join('')}</div>`;
}
