interface NameContains {
  field: { path: 'name' };
  op: 'CONTAINS';
  value: string;
}

interface NumberIs {
  field: { path: 'number' };
  value: number;
}

/** The condition of a search that is not a filter, as the API takes it: part of a name or, if it is one, the number of a run. */
export function nameOrNumber(text: string): NameContains | { or: (NameContains | NumberIs)[] } {
  const name: NameContains = { field: { path: 'name' }, op: 'CONTAINS', value: text };
  return /^[1-9]\d{0,8}$/.test(text) ? { or: [name, { field: { path: 'number' }, value: Number(text) }] } : name;
}
