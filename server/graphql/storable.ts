import { refusal } from './errors.js';
import { unstorable } from './texts.js';

/** @throws BAD_USER_INPUT if Postgres cannot store the text. @param field the path of the text in the input */
export function checkStorable(text: string, field: string): void {
  const problem = unstorable(text);
  if (problem === null) return;
  const { position, code } = problem;
  throw code === null
    ? refusal('NUL_CHARACTER', { field, position })
    : refusal('LONE_SURROGATE', { field, position, code });
}
