import { type AppError, refusal } from './errors.js';

/** Whether an argument or a field of an input has a value. */
export const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

/** The error for an input that must give exactly one of these values, and does not. */
export function notOneOf(field: string, values: Readonly<Record<string, unknown>>): AppError {
  const names = Object.keys(values);
  const given = names.filter((name) => isGiven(values[name]));
  return given.length === 0 ? refusal('NONE_OF', { field, names }) : refusal('SEVERAL_OF', { field, names, given });
}
