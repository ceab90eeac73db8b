/** What a single word meant before `--sort` took fields. */
const OLD_WORDS: Record<string, string> = {
  created: 'number desc',
  finished: 'finished desc',
  miou: 'miou desc',
  name: 'name',
  priority: 'priority desc',
};

/** The text to sort by. The words that `--sort` took before keep their direction until 0.3, with a warning. */
export function sortText(sort: string | undefined, warn: (text: string) => void): string | null {
  if (sort === undefined) return null;
  const old = Object.hasOwn(OLD_WORDS, sort) ? OLD_WORDS[sort]! : null;
  if (old === null) return sort;
  if (old !== sort) warn(`--sort ${sort}: write --sort '${old}'; from version 0.3 on, a field alone ascends`);
  return old;
}
