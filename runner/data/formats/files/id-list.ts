import { entriesOf, type KnownIds, nameOf } from './list-entries.js';
import { readText } from './read-text.js';

/**
 * Reads the image ids from the list file of a dataset layout. Each line has one id or path, or several of which the first
 * one counts. An image that is not known has the name that the list calls it. Adds to `problems` if the file cannot be read, has
 * no id or lists an id twice.
 */
export async function readIdList(file: string, known: KnownIds, problems: string[]): Promise<string[]> {
  let text: string;
  try {
    text = await readText(file);
  } catch (error) {
    problems.push(`${file}: cannot be read: ${(error as Error).message}`);
    return [];
  }
  const unique = new Set<string>();
  for (const { line, number } of entriesOf(text)) {
    const [id = nameOf(line), another] = known.in(line);
    if (another !== undefined) {
      problems.push(
        `${file} line ${number}: ${JSON.stringify(line)} could be "${id}" or "${another}"; write only the id`,
      );
    } else if (unique.has(id)) problems.push(`${file}: lists ${id} twice`);
    else unique.add(id);
  }
  if (unique.size === 0) problems.push(`${file}: lists no images`);
  return [...unique];
}

/** Adds a problem for each image that is in two lists, given by their files. */
export function refuseShared(
  lists: readonly (readonly [file: string, ids: readonly string[]])[],
  problems: string[],
): void {
  for (const [index, [file, ids]] of lists.entries()) {
    for (const [another, theirs] of lists.slice(index + 1)) {
      const held = new Set(theirs);
      for (const id of ids.filter((each) => held.has(each)))
        problems.push(`${file}: lists ${id}, which is also in ${another}`);
    }
  }
}
