import { refusal } from './errors.js';

/** What a cursor continues: records of one kind that are added to something, such as a run. */
export interface CursorPlace {
  kind: string;
  /** The id of what they are added to. */
  of: string;
}

/** The cursor after the change, batch or line with this number. Clients only store it and send it back. */
export function changeCursor({ kind, of }: CursorPlace, number: number): string {
  return Buffer.from(JSON.stringify([kind, of, number])).toString('base64url');
}

/** The number in a cursor. @throws BAD_USER_INPUT if it is not a cursor of this place */
export function decodeChangeCursor(text: string, { kind, of }: CursorPlace): number {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    parts = null;
  }
  const [givenKind, givenOf, number] = Array.isArray(parts) && parts.length === 3 ? parts : [];
  if (givenKind === kind && givenOf === of && Number.isSafeInteger(number) && number >= 0) return number;
  throw refusal('CHANGE_CURSOR_INVALID', { value: text, kind });
}
