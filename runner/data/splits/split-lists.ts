import { stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import type { SplitConfig } from '../../../schema/run-config.js';
import type { OpenDataset } from '../dataset.js';
import { DatasetError } from '../dataset-error.js';
import { readText } from '../formats/files/read-text.js';

type ListedSplit = Extract<SplitConfig, { labelledList: string }>;

/** Published lists have up to 10,582 lines and one megabyte. */
const MAX_BYTES = 16 * 1024 ** 2;

/** Suffixes after the id in the names of images and labels of published datasets. */
const SUFFIXES = /(_leftImg8bit|_gt(Fine|Coarse)(_\w+)?)$/;

/** The images of a list file, in its order. */
interface List {
  file: string;
  /** Image id → number of the line that names it. */
  lines: Map<string, number>;
}

/**
 * Reads a split from unmodified published list files. Each line names one image by its id or path, optionally followed
 * by the path of its label after a space or a tab. Lines end in LF or CRLF. An entry matches an image by its file stem,
 * without the suffixes that dataset layouts add ("_leftImg8bit", "_gtFine_labelTrainIds"). Folders are ignored.
 *
 * An image may be in both lists. Each published pair of PseudoSeg's split has one such image.
 *
 * @throws DatasetError that lists every entry that is not a training image of the dataset or is listed twice, and every
 * file that cannot be read or names no image.
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
      problems.push(`${setting}: "${path}" is a relative path, but the dataset has no folder; give an absolute path`);
      return list;
    }
    list.file = resolve(source.directory, path);
  }
  const unlabelled = new Set(unlabelledIds);
  const text = await readListFile(list.file, problems);
  if (text === null) return list;
  // The author of a run can name any file on this machine. Messages quote only files inside the dataset's folder.
  const quote = isWithin(source.directory, list.file) ? (line: string) => `${JSON.stringify(line)} ` : () => '';
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const [id, another] = idsOf(line.trim(), known);
    const where = `${list.file} line ${index + 1}`;
    if (another) problems.push(`${where}: ${quote(line.trim())}could be "${id}" or "${another}"; write only the id`);
    else if (id === undefined && idsOf(line.trim(), unlabelled).length > 0)
      problems.push(
        `${where}: ${quote(line.trim())}has no label; remove this line, because the image is unlabelled in every split`,
      );
    else if (id === undefined) problems.push(`${where}: ${quote(line.trim())}is not a training image of this dataset`);
    else if (list.lines.has(id))
      problems.push(`${where}: "${id}" is listed twice, first on line ${list.lines.get(id)}`);
    else list.lines.set(id, index + 1);
  }
  if (text.trim() === '') problems.push(`${list.file}: does not name any image`);
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
    // Reading a pipe may block forever.
    if (!found.isFile())
      throw new Error(found.isDirectory() ? 'it is a folder, not a list file' : 'it is not a regular file');
    const { size } = found;
    if (size > MAX_BYTES) throw new Error(`it has ${size} bytes, but a list may have at most ${MAX_BYTES}`);
    return await readText(file);
  } catch (error) {
    problems.push(`${file}: cannot be read (${(error as Error).message})`);
    return null;
  }
}

/**
 * The images that a line may name: none, one, or two if it is ambiguous. The entry is the whole line, because ids and
 * folder names may contain spaces, or the part before the first space or tab.
 */
function idsOf(line: string, known: ReadonlySet<string>): string[] {
  const whole = line.split('\t')[0]!.trim();
  const [asWhole, first] = [whole, whole.split(/\s/)[0]!].map((entry) => idOf(entry, known));
  // A pair of paths does not end like an id that contains a space.
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
