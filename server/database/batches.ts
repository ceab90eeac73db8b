/**
 * One entry for each key, in the order in which the keys first occur: the last one with that key. An upsert of many rows needs
 * this, because ON CONFLICT DO UPDATE refuses to change a row twice.
 */
export function lastOfEach<Entry>(entries: readonly Entry[], keyOf: (entry: Entry) => string): Entry[] {
  return [...new Map(entries.map((entry) => [keyOf(entry), entry])).values()];
}

/** Numbers as the text of a Postgres array. pg's generic conversion would quote each of them. */
export function arrayLiteral(values: readonly (number | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}
