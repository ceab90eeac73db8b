import type { Mistake } from '../../schema/problems/problem.js';
import { refusal } from './errors.js';
import { inputMistake } from './reasons/problems.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether Postgres would accept the text as an id. Nothing can have any other id. */
export function isId(text: string): boolean {
  return UUID.test(text);
}

const MAX_IMAGE_ID_LENGTH = 512;

/** What is wrong with the id of an image within its dataset; null if it is valid. */
export function imageIdProblem(id: string): Mistake | null {
  if (id !== '' && id.length <= MAX_IMAGE_ID_LENGTH && !/\p{Cc}/u.test(id)) return null;
  return inputMistake('PRINTABLE_LENGTH', { most: MAX_IMAGE_ID_LENGTH, value: id });
}

/** Checks an id that selects what is listed or followed. @throws BAD_USER_INPUT: nothing can ever have such an id */
export function checkFilterId(field: string, id: string | null | undefined): void {
  if (id === null || id === undefined || isId(id)) return;
  throw refusal('NOT_A_UUID', { field, value: id });
}
