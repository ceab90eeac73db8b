/** A text as Postgres can store it, which has no NUL, cut to `most` characters with a word on what is missing. */
export function storableText(message: string, most: number): string {
  const text = message.replaceAll('\0', '\uFFFD');
  if (text.length <= most) return text;
  return `${text.slice(0, most)}… (${text.length - most} more characters)`;
}
