import { entriesOf, type KnownIds, type ListEntry } from './list-entries.js';
import { readText } from './read-text.js';

/** The images of a list file. */
export interface IdList {
  ids: string[];
  /** Lines that name no known image. */
  unknown: ListEntry[];
}

/**
 * Reads the image ids from the list file of a dataset layout. Each line has one id or path, or several of which the first
 * one counts. Adds to `problems` if the file cannot be read, has no id or lists an id twice.
 */
export async function readIdList(file: string, known: KnownIds, problems: string[]): Promise<IdList> {
  let text: string;
  try {
    text = await readText(file);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = isMissing ? 'there is no such file; see docs/datasets.md' : (error as Error).message;
    problems.push(`${file}: cannot be read: ${reason}`);
    return { ids: [], unknown: [] };
  }
  const unknown: ListEntry[] = [];
  const unique = new Set<string>();
  for (const { line, number } of entriesOf(text, known)) {
    const [id, another] = known.in(line);
    if (id === undefined) unknown.push({ line, number });
    else if (another !== undefined) {
      problems.push(
        `${file} line ${number}: ${JSON.stringify(line)} could be "${id}" or "${another}"; write only the id`,
      );
    } else if (unique.has(id)) problems.push(`${file}: lists ${id} twice`);
    else unique.add(id);
  }
  if (unique.size + unknown.length === 0) problems.push(`${file}: lists no images`);
  return { ids: [...unique], unknown };
}

/** Adds a problem for each line of a list that names no image. @param folder where the images are */
export function refuseUnknown(
  file: string,
  unknown: readonly ListEntry[],
  { known, folder }: { known: KnownIds; folder: string },
  problems: string[],
): void {
  for (const entry of unknown)
    problems.push(
      `${file} line ${entry.number}: ${folder} has no image ${JSON.stringify(entry.line)}${known.hint(entry)}`,
    );
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
