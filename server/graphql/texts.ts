import { shown } from '../../schema/problems/message.js';

const REPLACEMENT = '\uFFFD';
/** Half of a surrogate pair without the other half: it stands for no character, and PostgreSQL's jsonb refuses it. */
const LONE_SURROGATE = /\p{Cs}/u;
const LONE_SURROGATES = /\p{Cs}/gu;
/** The longest error message that is sent. Messages quote what the client sent, which may be megabytes long. */
const MAX_MESSAGE_LENGTH = 2_000;

/** A character that Postgres cannot store: the code of half of a surrogate pair, or null for NUL. */
export interface Unstorable {
  position: number;
  code: string | null;
}

/** The first character of the text that Postgres cannot store, or null if it can store all of them. */
export function unstorable(text: string): Unstorable | null {
  const nul = text.indexOf('\0');
  if (nul >= 0) return { position: nul, code: null };
  const half = text.search(LONE_SURROGATE);
  return half < 0 ? null : { position: half, code: text.charCodeAt(half).toString(16).toUpperCase() };
}

/**
 * Cuts the text to `most` characters, with a note of how many are missing, and replaces what Postgres cannot store. For
 * texts that only people read, and that must not be lost.
 */
export function storableText(message: string, most = Number.POSITIVE_INFINITY): string {
  // Repaired after the cut, which may leave half of a surrogate pair.
  return shortened(message, most).replaceAll('\0', REPLACEMENT).replace(LONE_SURROGATES, REPLACEMENT);
}

/** Cuts the text to `most` characters, with a note of how many are missing. */
export function shortened(text: string, most = MAX_MESSAGE_LENGTH): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most)}… (${text.length - most} more characters)`;
}

/** The first `most` of several texts, and how many more there are. @param total how many there are, if `texts` has only the first ones */
export function listed(texts: readonly string[], most: number, total = texts.length): string {
  const first = texts.slice(0, most).join(', ');
  return total > most ? `${first} and ${total - most} more` : first;
}

export { shown };
