/** Replaces NUL, which Postgres cannot store, and cuts the text to `most` characters, with a note of how many are missing. */
export function storableText(message: string, most: number): string {
  const text = message.replaceAll('\0', '\uFFFD');
  if (text.length <= most) return text;
  return `${text.slice(0, most)}… (${text.length - most} more characters)`;
}
