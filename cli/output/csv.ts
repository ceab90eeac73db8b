import { csvField } from '../../schema/pivot/escape.js';

/** A row of CSV (RFC 4180), without its line break. What is null is empty. No text is a formula of a spreadsheet. */
export function csvLine(cells: readonly (string | number | boolean | null | undefined)[]): string {
  return cells.map((cell) => csvField(typeof cell === 'boolean' ? String(cell) : (cell ?? null))).join(',');
}
