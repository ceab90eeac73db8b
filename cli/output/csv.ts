/** A row of CSV (RFC 4180), without its line break. What is null is empty. */
export function csvLine(cells: readonly (string | number | boolean | null | undefined)[]): string {
  return cells.map((cell) => quotedIfNeeded(String(cell ?? ''))).join(',');
}

const quotedIfNeeded = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
