import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { METHOD_LABELS, parseRunConfig } from './run-config.js';

const MIXING = ['class_aware', 'copy_paste', 'confidence_bank'];
const THRESHOLDS = ['fixed', 'quota', 'adaptive'];
const WEIGHTS = ['inverse_log', 'median_frequency', 'effective_number', 'logit_adjustment'];
const LOSSES = ['focal', 'dice', 'lovasz'];

const page = readFileSync(new URL('../docs/balance.md', import.meta.url), 'utf8');

/** The rows of a table of the page, without its head: the cells by method, whose names the first cell lists. */
function table(head: string): Map<string, string[]> {
  const lines = page.slice(page.indexOf(`${head}\n`)).split('\n');
  const rows = lines.slice(
    2,
    lines.findIndex((line) => !line.startsWith('|')),
  );
  return new Map(
    rows.flatMap((row) => {
      const [methods, ...cells] = row.split('|').slice(1, -1);
      return namesIn(methods!).map((name): [string, string[]] => [name, cells.map((cell) => cell.trim())]);
    }),
  );
}

const namesIn = (text: string) => [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name!);

/** The kinds that a cell allows with the defaults of a method; exceptions follow a semicolon. */
function kindsIn(cell: string, all: readonly string[]): readonly string[] {
  const [usual] = cell.split(';');
  if (usual === 'all') return all;
  return usual === 'none' ? [] : namesIn(usual!);
}

const kinds = table('| method | `sampling` | `mixing` | `thresholds` |');
const weights = table('| | `weights`, for labels | `weights.pseudoLabels` | `losses` |');

function accepts(name: string, balance: object): boolean {
  return parseRunConfig({ dataset: 'shapes', split: { labelledRatio: 0.125 }, method: { name }, balance }).ok;
}

describe('the tables of docs/balance.md', () => {
  it('have a row for every method', () => {
    const methods = Object.keys(METHOD_LABELS).toSorted();
    expect([...kinds.keys()].toSorted()).toEqual(methods);
    expect([...weights.keys()].toSorted()).toEqual(methods);
  });

  it.each(Object.keys(METHOD_LABELS))('list the remedies that %s can be combined with', (name) => {
    const [sampling, mixing, thresholds] = kinds.get(name)!;
    const accepted = (remedy: string, of: readonly string[]) =>
      of.filter((kind) => accepts(name, { [remedy]: { name: kind } }));
    expect([sampling, accepts(name, { sampling: {} })]).toEqual(['yes', true]);
    expect(accepted('mixing', MIXING)).toEqual(kindsIn(mixing!, MIXING));
    expect(accepted('thresholds', THRESHOLDS)).toEqual(kindsIn(thresholds!, THRESHOLDS));
    expect(accepts(name, { mixing: { name: 'none' }, thresholds: { name: 'none' } })).toBe(true);

    const [onLabels, onPseudoLabels, losses] = weights.get(name)!;
    expect([onLabels, losses]).toEqual(['yes', 'yes']);
    expect(accepted('weights', WEIGHTS)).toEqual(WEIGHTS);
    expect(LOSSES.filter((loss) => accepts(name, { losses: { [loss]: {} } }))).toEqual(LOSSES);
    for (const kind of WEIGHTS) {
      expect(accepts(name, { weights: { name: kind, pseudoLabels: true } })).toBe(onPseudoLabels === 'yes');
    }
  });
});
