/**
 * Orders training images so that the first ones hold all classes: each is the one with the most classes that none before it
 * has (greedy set cover), the first such in the given order; then come all others in that order. A split takes the first images,
 * so splits of one order are nested.
 *
 * @param shuffled ids in random order
 * @param classesOf the classes that occur in an image's label
 * @returns the order, and how many of its images are needed to hold every class that any image holds
 */
export function coveringOrder(
  shuffled: readonly string[],
  classesOf: (id: string) => ReadonlySet<number>,
): { order: string[]; needed: number } {
  const missing = new Set(shuffled.flatMap((id) => [...classesOf(id)]));
  const chosen = new Set<string>();
  while (missing.size > 0) {
    const gains = shuffled.map((id) => [...classesOf(id)].filter((each) => missing.has(each)).length);
    const best = shuffled[gains.indexOf(Math.max(...gains))]!;
    chosen.add(best);
    for (const each of classesOf(best)) missing.delete(each);
  }
  return { order: [...chosen, ...shuffled.filter((id) => !chosen.has(id))], needed: chosen.size };
}
