import { distance } from 'fastest-levenshtein';

/** More edits than these make another word. */
const MOST_EDITS = 2;

/** The known name that differs least from a misspelt one, if it differs little; case does not count. */
export function nearest(name: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let least = MOST_EDITS + 1;
  for (const each of known) {
    const edits = distance(name.toLowerCase(), each.toLowerCase());
    // Of two letters, an edit leaves hardly anything.
    if (edits < least && edits < each.length - 1) [best, least] = [each, edits];
  }
  return best;
}

/** An unknown name, and what may have been meant: the nearest known name, or all of them if they are few. */
export function withHint(name: string, known: readonly string[], most = 12): string {
  const near = nearest(name, known);
  if (near !== null) return `${JSON.stringify(name)}; did you mean ${JSON.stringify(near)}?`;
  const all = known.length > 0 && known.length <= most ? `; known: ${known.join(', ')}` : '';
  return JSON.stringify(name) + all;
}

/** The parameters of an unknown name, and the words of its hint, for a mistake. */
export function hinted(name: string, known: readonly string[], most = 12): [UnknownName, { hint: string }] {
  const params = { name, nearest: nearest(name, known), known: known.length <= most ? known : [] };
  return [params, { hint: withHint(name, known, most) }];
}

type UnknownName = { name: string; nearest: string | null; known: readonly string[] };
