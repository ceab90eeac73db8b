/** A refused argument may be megabytes long. */
const MAX_TEXT = 256;
const MAX_ITEMS = 20;

/** A value that jsonb accepts, cut if it is long. */
export function storable(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map(storable);
  if (typeof value !== 'string') return value;
  const text = value.replace(/[\0\p{Cs}]/gu, '\uFFFD');
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT).replace(/\p{Cs}$/u, '')}…`;
}
