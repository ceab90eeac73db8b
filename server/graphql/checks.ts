import { refusal } from './errors.js';

/** @throws BAD_USER_INPUT unless min ≤ value ≤ max */
export function checkRange(field: string, value: number, min: number, max: number): void {
  if (value < min || value > max) throw refusal('OUT_OF_RANGE', { field, min, max, value });
}

/** @throws BAD_USER_INPUT unless a list has 1 to `most` entries */
export function checkEntries(field: string, { length: count }: readonly unknown[], most: number): void {
  if (count < 1 || count > most) throw refusal('ENTRIES_OUT_OF_RANGE', { field, most, count });
}

/** The name without surrounding spaces. @throws BAD_USER_INPUT unless it has 1 to `most` characters */
export function checkedName(name: string, most: number): string {
  const trimmed = name.trim();
  if (trimmed && trimmed.length <= most) return trimmed;
  throw refusal('LENGTH_OUT_OF_RANGE', { field: 'name', most, value: name });
}
