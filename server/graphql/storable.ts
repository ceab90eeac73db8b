import { type AppError, refusal } from './errors.js';
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

/** The error for an input that must give exactly one of these values, and does not. */
export function notOneOf(field: string, values: Readonly<Record<string, unknown>>): AppError {
  const names = Object.keys(values);
  const given = names.filter((name) => values[name] !== null && values[name] !== undefined);
  return given.length === 0 ? refusal('NONE_OF', { field, names }) : refusal('SEVERAL_OF', { field, names, given });
}
