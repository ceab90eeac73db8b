const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether Postgres would accept the text as an id. Nothing can have any other id. */
export function isId(text: string): boolean {
  return UUID.test(text);
}
