/**
 * Orders training images so that the first ones hold all classes: each is the one with the most classes that none before it
 * has (greedy set cover), the first such in the given order; then come all others in that order. A split takes the first images,
 * so splits of one order are nested.
 *
 * @param shuffled ids in random order
 * @param classesOf the classes that occur in an image's label
 * @returns the order, and how many of its first images hold every class that any image holds. Fewer images may be enough,
 * because greedy set cover does not always find the smallest set.
 */
export function coveringOrder(
  shuffled: readonly string[],
  classesOf: (id: string) => ReadonlySet<number>,
): { order: string[]; needed: number } {
  const missing = new Set<number>();
  let most = 0;
  for (const id of shuffled) {
    const held = classesOf(id);
    most = Math.max(most, held.size);
    for (const each of held) missing.add(each);
  }
  const chosen = new Set<string>();
  // What an image adds only gets less, so one pass finds all images that add this many classes, in order.
  for (let added = most; added > 0 && missing.size > 0; added--) {
    for (const id of shuffled) {
      if (countIn(missing, classesOf(id)) < added) continue;
      chosen.add(id);
      for (const each of classesOf(id)) missing.delete(each);
    }
  }
  return { order: [...chosen, ...shuffled.filter((id) => !chosen.has(id))], needed: chosen.size };
}

function countIn(missing: ReadonlySet<number>, held: ReadonlySet<number>): number {
  let count = 0;
  for (const each of held) if (missing.has(each)) count++;
  return count;
}
