import { stripVTControlCharacters } from 'node:util';
import { printableLines } from './printable.js';

/** Room for the note of how much is missing. */
const NOTE_CHARACTERS = 40;
const LONE_SURROGATES = /\p{Cs}/gu;

/**
 * A text that training or a program has written, as the server accepts it: at most `most` characters, with a note of how
 * many are missing, without the escape sequences of terminals, and with U+FFFD for control characters and halves of
 * surrogate pairs.
 */
export function sendable(text: string, most: number): string {
  // Cut first: stripping escape sequences from a text of megabytes takes long. Repaired after the cut, which may leave half
  // of a surrogate pair.
  const cut = text.length > most ? text.slice(0, most - NOTE_CHARACTERS) : text;
  const clean = printableLines(stripVTControlCharacters(cut), most).replace(LONE_SURROGATES, '\u{fffd}');
  return cut === text ? clean : `${clean}… (${text.length - cut.length} more characters)`;
}
