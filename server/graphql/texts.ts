/** The longest error message that is sent. Messages quote what the client sent, which may be megabytes long. */
const MAX_MESSAGE_LENGTH = 2_000;

/** Replaces NUL, which Postgres cannot store, and cuts the text to `most` characters, with a note of how many are missing. */
export function storableText(message: string, most: number): string {
  return shortened(message.replaceAll('\0', '\uFFFD'), most);
}

/** Cuts the text to `most` characters, with a note of how many are missing. */
export function shortened(text: string, most = MAX_MESSAGE_LENGTH): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most)}… (${text.length - most} more characters)`;
}
