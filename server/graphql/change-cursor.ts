import { badUserInput } from './errors.js';
import { shown } from './texts.js';

/** What a cursor continues: a kind of things that are written to a run. */
export interface CursorPlace {
  kind: string;
  runId: string;
}

/** The cursor after the change, batch or line with this number. Clients only store it and send it back. */
export function changeCursor({ kind, runId }: CursorPlace, number: number): string {
  return Buffer.from(JSON.stringify([kind, runId.toLowerCase(), number])).toString('base64url');
}

/** The number in a cursor. @throws BAD_USER_INPUT if it is not a cursor of this place */
export function decodeChangeCursor(text: string, { kind, runId }: CursorPlace): number {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    parts = null;
  }
  const [ofKind, ofRun, number] = Array.isArray(parts) && parts.length === 3 ? parts : [];
  if (ofKind === kind && ofRun === runId.toLowerCase() && Number.isSafeInteger(number) && number >= 0) return number;
  throw badUserInput(
    `after: ${shown(text)} is not a cursor of ${kind} of this run; pass the cursor of the last message, or null to begin`,
  );
}
