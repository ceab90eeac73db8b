const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/;

/** In ISO 8601 and UTC; null if the text is not a time. A date is its first moment, and UTC holds without an offset. */
export function timeOf(text: string): string | null {
  const parts = TIME.exec(text);
  if (!parts) return null;
  const [, date, time = '00:00', offset = 'Z'] = parts;
  const [day, at] = [new Date(`${date}T00:00Z`), new Date(`${date}T${time}${offset}`)];
  if (Number.isNaN(day.getTime()) || Number.isNaN(at.getTime())) return null;
  // Postgres has no year 0, and an offset can lead there or beyond 9999.
  if (at.getUTCFullYear() < 1 || at.getUTCFullYear() > 9999) return null;
  // Otherwise, 30 February would be 2 March.
  return day.toISOString().startsWith(date!) ? at.toISOString() : null;
}
