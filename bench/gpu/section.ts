/** What a part of the check has found, for the page. */
export interface Section {
  title: string;
  /** Markdown. */
  lines: string[];
  /** What was left out because time was up; null if nothing was. */
  leftOut: string | null;
  failed: boolean;
}

/** Lines as Markdown shows them: as they are. */
export function verbatim(lines: readonly string[]): string[] {
  return ['```', ...lines, '```'];
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
