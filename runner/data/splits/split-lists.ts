import { stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import type { SplitConfig } from '../../../schema/run-config.js';
import type { OpenDataset } from '../dataset.js';
import { DatasetError } from '../dataset-error.js';
import { readText } from '../formats/files/read-text.js';

type ListedSplit = Extract<SplitConfig, { labelledList: string }>;

/** Published lists have up to 10,582 lines and one megabyte. */
const MAX_BYTES = 16 * 1024 ** 2;

/** What the names of images and of their labels end in, beside the id, in the layouts of published datasets. */
const SUFFIXES = /(_leftImg8bit|_gt(Fine|Coarse)(_\w+)?)$/;

/** A list's images, in its order. */
interface List {
  file: string;
  /** The line that names an image, by its id. */
  lines: Map<string, number>;
}

/**
 * Reads a split from published list files as they are: an image a line, by its id or its path, alone or followed by its
 * label's path after a space or a tab; lines end in LF or CRLF. An entry is matched to an image by its file's stem,
 * without what the layouts of datasets add to it ("_leftImg8bit", "_gtFine_labelTrainIds"); folders do not count.
 *
 * An image may be in both lists, as one is in each published pair of PseudoSeg's split.
 *
 * @throws DatasetError naming every entry that is no training image of the dataset or is listed twice, and every file that
 * cannot be read or names no image.
 */
export async function readSplitLists(
  dataset: OpenDataset,
  { labelledList, unlabelledList }: ListedSplit,
): Promise<{ labelled: string[]; unlabelled: string[] }> {
  const known = new Set(dataset.ids('TRAIN'));
  const problems: string[] = [];
  const labelled = await readList(dataset, 'split.labelledList', labelledList, known, problems);
  const unlabelled =
    unlabelledList === null ? null : await readList(dataset, 'split.unlabelledList', unlabelledList, known, problems);
  if (problems.length > 0) throw new DatasetError(`the split's lists and dataset "${dataset.source.name}"`, problems);
  const rest = () => [...known].filter((id) => !labelled.lines.has(id));
  return { labelled: [...labelled.lines.keys()], unlabelled: unlabelled ? [...unlabelled.lines.keys()] : rest() };
}

async function readList(
  { source, unlabelledIds }: OpenDataset,
  setting: string,
  path: string,
  known: ReadonlySet<string>,
  problems: string[],
): Promise<List> {
  const list: List = { file: path, lines: new Map() };
  if (!isAbsolute(path)) {
    if (source.directory === null) {
      problems.push(`${setting}: "${path}" lies in no folder, since the dataset has none; give an absolute path`);
      return list;
    }
    list.file = resolve(source.directory, path);
  }
  const unlabelled = new Set(unlabelledIds);
  const text = await readListFile(list.file, problems);
  if (text === null) return list;
  // Whoever queues a run may name any list on this machine: of a file that is not the dataset's, no content is told.
  const quote = isWithin(source.directory, list.file) ? (line: string) => `${JSON.stringify(line)} ` : () => '';
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const [id, another] = idsOf(line.trim(), known);
    const where = `${list.file} line ${index + 1}`;
    if (another) problems.push(`${where}: ${quote(line.trim())}may mean "${id}" or "${another}"; write the id alone`);
    else if (id === undefined && idsOf(line.trim(), unlabelled).length > 0)
      problems.push(`${where}: ${quote(line.trim())}has no label: it is unlabelled in every split and needs no list`);
    else if (id === undefined) problems.push(`${where}: ${quote(line.trim())}is no training image`);
    else if (list.lines.has(id))
      problems.push(`${where}: "${id}" is listed twice, first on line ${list.lines.get(id)}`);
    else list.lines.set(id, index + 1);
  }
  if (text.trim() === '') problems.push(`${list.file}: names no image`);
  return list;
}

function isWithin(directory: string | null, file: string): boolean {
  if (directory === null) return false;
  const way = relative(directory, file);
  return !isAbsolute(way) && !/^\.\.([\\/]|$)/.test(way);
}

async function readListFile(file: string, problems: string[]): Promise<string | null> {
  try {
    const found = await stat(file);
    // Reading a pipe may wait for ever.
    if (!found.isFile())
      throw new Error(found.isDirectory() ? 'it is a folder, not a list file' : 'it is no regular file');
    const { size } = found;
    if (size > MAX_BYTES) throw new Error(`${size} bytes, a list has at most ${MAX_BYTES}`);
    return await readText(file);
  } catch (error) {
    problems.push(`${file}: cannot be read (${(error as Error).message})`);
    return null;
  }
}

/**
 * The images that a line may name: one, none, or two where it can be read in two ways. It is an entry as a whole, since an id
 * and a folder's name may hold a space, or what stands before its first space or tab.
 */
function idsOf(line: string, known: ReadonlySet<string>): string[] {
  const whole = line.split('\t')[0]!.trim();
  const [asWhole, first] = [whole, whole.split(/\s/)[0]!].map((entry) => idOf(entry, known));
  // No pair of paths happens to end like an id with a space in it.
  if (asWhole && /\s/.test(asWhole)) return [asWhole];
  return [...new Set([asWhole, first])].filter((id) => id !== undefined);
}

function idOf(entry: string, known: ReadonlySet<string>): string | undefined {
  const stem = entry
    .split(/[\\/]/)
    .at(-1)!
    .replace(/\.(png|jpe?g|tiff?)$/i, '');
  return [entry, stem, stem.replace(SUFFIXES, '')].find((name) => known.has(name));
}
