/** The first names, and how many more there are. */
export function listed(names: readonly string[], most: number, separator = ', '): string {
  return names.slice(0, most).join(separator) + andMore(names.length - most);
}

const andMore = (more: number): string => (more > 0 ? ` and ${more.toLocaleString('en-US')} more` : '');
