import { ACCESS_REASONS } from './access.js';
import { INPUT_REASONS } from './inputs.js';
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

/** docs/api/errors.md with the current table of reasons in place of the one in `page`. */
export function withReasons(page: string): string {
  const sections = SECTIONS.map(([title, reasons]) => {
    const rows = Object.entries(reasons).map(
      ([reason, [code, message]]) => `| \`${reason}\` | ${code} | ${cell(message)} |`,
    );
    return [`## ${title}`, '| reason | code | message |', '|---|---|---|', ...rows].join('\n');
  });
  return `${page.slice(0, page.indexOf(BEGIN))}${BEGIN}\n\n${sections.join('\n\n')}\n`;
}

/** The message as code, with its parameters in braces. */
const cell = (message: string): string => `\`${message.replaceAll('|', '\\|').replaceAll('%{', '{')}\``;
