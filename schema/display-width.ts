import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

/** Texts in a terminal. Widths are in columns: a Korean syllable or an emoji takes two, and an accent none. */

const graphemes = new Intl.Segmenter();

/** The text without escape sequences. Line breaks, tabs and other control characters become spaces: they would move the cursor. */
export function onOneLine(text: string): string {
  return stripVTControlCharacters(text).replace(/\r\n|[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
}

/** As much of the text as fits the width, in whole characters. */
export function cutTo(text: string, width: number): string {
  let [used, end] = [0, 0];
  for (const { segment, index } of graphemes.segment(text)) {
    used += stringWidth(segment);
    if (used > width) break;
    end = index + segment.length;
  }
  return text.slice(0, end);
}

/** The text with spaces behind it up to the width. */
export function padEndTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}

/** The text with spaces before it up to the width. */
export function padStartTo(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - stringWidth(text))) + text;
}

/** The width of the widest text; 0 without any. */
export function widestOf(texts: readonly string[]): number {
  return texts.reduce((widest, text) => Math.max(widest, stringWidth(text)), 0);
}
