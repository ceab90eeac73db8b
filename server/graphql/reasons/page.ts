import { EXPECTED, FILTER_MISTAKES } from '../../../schema/filter/reasons.js';
import { CONFIG_MISTAKES } from '../../../schema/problems/config-reasons.js';
import { ACCESS_REASONS } from './access.js';
import { INPUT_REASONS } from './inputs.js';
import { INPUT_MISTAKES } from './problems.js';
import type { Reasons } from './reason.js';
import { REQUEST_REASONS } from './requests.js';
import { STATE_REASONS } from './states.js';

const BEGIN = '<!-- `npm run schema` writes what follows. -->';

const SECTIONS: readonly [string, Reasons][] = [
  ['Requests, documents and load', REQUEST_REASONS],
  ['Access', ACCESS_REASONS],
  ['Values', INPUT_REASONS],
  ['Objects and their states', STATE_REASONS],
];

const PROBLEMS: readonly [title: string, mistakes: Readonly<Record<string, string>>][] = [
  ['Problems in an input', INPUT_MISTAKES],
  ['Problems in a configuration', CONFIG_MISTAKES],
  ['Problems in a filter', FILTER_MISTAKES],
];

/** docs/api/errors.md with the current table of reasons in place of the one in `page`. */
export function withReasons(page: string): string {
  const sections = SECTIONS.map(([title, reasons]) => {
    const rows = Object.entries(reasons).map(
      ([reason, [code, message]]) => `| \`${reason}\` | ${code} | ${cell(message)} |`,
    );
    return [`## ${title}`, '| reason | code | message |', '|---|---|---|', ...rows].join('\n');
  });
  const problems = PROBLEMS.map(([title, mistakes]) => {
    const rows = Object.entries(mistakes).map(([reason, message]) => `| \`${reason}\` | ${cell(message)} |`);
    return [`## ${title}`, '| reason | message |', '|---|---|', ...rows].join('\n');
  });
  const expected = Object.entries(EXPECTED).map(([name, words]) => `| \`${name}\` | ${cell(words)} |`);
  const words = ['## What a filter should have', '| `expected` | words |', '|---|---|', ...expected].join('\n');
  const all = [...sections, ...problems, words];
  return `${page.slice(0, page.indexOf(BEGIN))}${BEGIN}\n\n${all.join('\n\n')}\n`;
}

/** The message as code, with its parameters in braces. */
const cell = (message: string): string => `\`${message.replaceAll('|', '\\|').replaceAll('%{', '{')}\``;
