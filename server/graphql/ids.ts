import { badUserInput } from './errors.js';
import { shown } from './texts.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether Postgres would accept the text as an id. Nothing can have any other id. */
export function isId(text: string): boolean {
  return UUID.test(text);
}

/** Checks an id that selects what is listed or followed. @throws BAD_USER_INPUT: nothing can ever have such an id */
export function checkFilterId(field: string, id: string | null | undefined): void {
  if (id === null || id === undefined || isId(id)) return;
  throw badUserInput(`${field}: must be a UUID; got ${shown(id)}`);
}
