const LATEX: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  _: '\\_',
  '%': '\\%',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  '±': '$\\pm$',
  '×': '$\\times$',
  '−': '$-$',
  '…': '\\ldots{}',
  '≤': '$\\le$',
  '≥': '$\\ge$',
};

/**
 * Text as it is, in LaTeX. A line break would end a cell, and a paragraph a caption. After a command that ends a row, a leading [
 * would begin an option of it, and * would be a part of it, unless they are in braces.
 */
export function latexText(text: string): string {
  return oneLine(text)
    .replace(/[\\{}$&#_%~^<>|"±×−…≤≥]/g, (sign) => LATEX[sign]!)
    .replace(/^[[*]/, '{$&}');
}

/** Text as it is, in a cell of a Markdown table. HTML is shown, not rendered. */
export function markdownText(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_[\]|~]/g, (sign) => `\\${sign}`)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

/**
 * A field of a CSV file (RFC 4180). Spreadsheets take a text that begins with one of =, +, -, @, a tab or a carriage return for a
 * formula: a ' before it makes it a text, as OWASP recommends.
 */
export function csvField(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const isFormula = /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value);
  const text = isFormula ? `'${value}` : value;
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
