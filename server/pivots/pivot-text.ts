import { withBeside } from '../../schema/pivot/beside.js';
import { renderPivot } from '../../schema/pivot/render.js';
import type { PivotTable } from '../../schema/pivot/table.js';
import { checkRange } from '../graphql/checks.js';
import { refusal } from '../graphql/errors.js';
import { PivotDetail, type RenderArgs } from './pivots.inputs.js';
import type { Pivot } from './pivots.types.js';

const MOST_DIGITS = 10;
const MOST_BESIDE = 4;

/** Writes a table as text. @throws BAD_USER_INPUT unless 0 ≤ digits ≤ 10, and for a number beside it that no run could have */
export async function pivotText(pivot: Pivot, { format, details, digits, beside }: RenderArgs): Promise<string> {
  checkRange('digits', digits, 0, MOST_DIGITS);
  if (beside.length > MOST_BESIDE) {
    throw refusal('TOO_MANY_FIELDS', { field: 'beside', most: MOST_BESIDE, count: beside.length });
  }
  const others = await Promise.all(beside.map((value) => pivot.withValue(value)));
  const has = (detail: PivotDetail) => details.includes(detail);
  const shown = {
    std: has(PivotDetail.STD),
    n: has(PivotDetail.N),
    interval: has(PivotDetail.INTERVAL),
    gain: has(PivotDetail.GAIN),
    published: has(PivotDetail.PUBLISHED),
  };
  const besides = others.filter(hasNumbers).map((other) => ({ ...tableOf(other), name: nameBeside(pivot, other) }));
  return renderPivot(withBeside(tableOf(pivot), besides), format, shown, digits);
}

const hasNumbers = ({ rows }: Pivot): boolean => rows.some(({ cells }) => cells.some((cell) => cell?.mean != null));

/** Short if subset, network and evaluation are those of the first number. */
const nameBeside = (first: Pivot, other: Pivot): string => (other.where === first.where ? other.short : other.value);

function tableOf(pivot: Pivot): PivotTable {
  return {
    ...pivot,
    columns: pivot.columns.map(({ labels }) => ({
      labels: labels.map((label, i) => named(pivot.columnFields[i]!, label)),
    })),
    rows: pivot.rows.map(({ labels, isPublished, cells }) => ({
      labels,
      isPublished,
      cells: cells.map((cell) => cell && { ...cell, runs: cell.runNumbers, gain: gainOf(cell.gain) }),
    })),
    notes: notesOf(pivot),
  };
}

const gainOf = ({ difference, p }: { difference: number | null; p: number | null }) =>
  difference === null ? null : { difference, p };

/** Values that need no name, because they say what they are. */
const SELF_EXPLANATORY = /^(method(\.name)?|backbone|network\.backbone|split(\.labelledRatio)?|dataset|study|variant)$/;

const named = (field: string, label: string): string => (SELF_EXPLANATORY.test(field) ? label : `${field} ${label}`);

/** Several cells may have the same warning. */
function notesOf({ warnings, rows, source, missing }: Pivot): string[] {
  const ofTable = warnings.map(({ message }) => `Warning: ${message}.`);
  const ofCells = new Map<string, string[]>();
  for (const { labels, cells } of rows) {
    for (const [c, cell] of cells.entries()) {
      for (const { message } of cell?.warnings ?? []) {
        const places = ofCells.get(message) ?? [];
        ofCells.set(message, places);
        places.push([...labels, `column ${c + 1}`].join(', '));
      }
    }
  }
  const cellNotes = [...ofCells].map(([message, [first, ...more]]) => {
    const where = more.length > 0 ? `${first} and ${more.length} more` : first;
    return `Warning: ${where}: ${message}.`;
  });
  const absent = missing.length > 0 ? [`Warning: ${missing.length} missing runs have no place in the table.`] : [];
  return [...ofTable, ...cellNotes, ...absent, ...(source === null ? [] : [`Published numbers: ${source}.`])];
}
