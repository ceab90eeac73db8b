import type { SplitConfig } from '../../../schema/run-config.js';
import { findAllowedFile } from '../../files/allowed-file.js';
import type { OpenDataset } from '../dataset.js';
import { DatasetError } from '../dataset-error.js';
import { entriesOf, KnownIds } from '../formats/files/list-entries.js';
import { readText } from '../formats/files/read-text.js';

type ListedSplit = Extract<SplitConfig, { labelledList: string }>;

/** Published lists have up to 10,582 lines and one megabyte. */
const MAX_BYTES = 16 * 1024 ** 2;

/** The images of a list file, in its order. */
interface List {
  file: string;
  /** Image id → number of the line that names it. */
  lines: Map<string, number>;
}

/**
 * Reads a split from unmodified published list files. Each line names one image by its id or path, optionally followed
 * by the path of its label after a space, a tab or a comma. Lines end in LF or CRLF; those that begin with # are comments. An
 * entry matches an image by its file stem, without the suffixes that dataset layouts add ("_leftImg8bit",
 * "_gtFine_labelTrainIds"). Folders are ignored, unless the images are in subfolders.
 *
 * An image may be in both lists. Each published pair of PseudoSeg's split has one such image.
 *
 * A list must be a regular file that is really in the dataset's folder. The author of a run can name any path, so the
 * message for any other one is always the same, and says nothing about the machine.
 *
 * @throws DatasetError that lists every entry that is not a training image of the dataset or is listed twice, and every
 * file that is not a list in the dataset's folder or names no image.
 */
export async function readSplitLists(
  dataset: OpenDataset,
  { labelledList, unlabelledList }: ListedSplit,
): Promise<{ labelled: string[]; unlabelled: string[] }> {
  const ids = dataset.ids('TRAIN');
  const known = new KnownIds(ids);
  const problems: string[] = [];
  const labelled = await readList(dataset, 'split.labelledList', labelledList, known, problems);
  const unlabelled =
    unlabelledList === null ? null : await readList(dataset, 'split.unlabelledList', unlabelledList, known, problems);
  if (problems.length > 0) throw new DatasetError(`the split's lists and dataset "${dataset.source.name}"`, problems);
  const rest = () => ids.filter((id) => !labelled.lines.has(id));
  return { labelled: [...labelled.lines.keys()], unlabelled: unlabelled ? [...unlabelled.lines.keys()] : rest() };
}

async function readList(
  { source, unlabelledIds }: OpenDataset,
  setting: string,
  path: string,
  known: KnownIds,
  problems: string[],
): Promise<List> {
  const list: List = { file: path, lines: new Map() };
  const text = await readListFile(path, source.directory);
  if (text === null) {
    problems.push(
      `${setting}: ${JSON.stringify(path)} is not a list in the folder of dataset "${source.name}"; copy the list into ` +
        `that folder (a regular text file in UTF-8 or UTF-16 of at most ${MAX_BYTES} bytes)`,
    );
    return list;
  }
  const unlabelled = new KnownIds(unlabelledIds);
  const entries = entriesOf(text, known);
  for (const entry of entries) {
    const { line, number } = entry;
    const [id, another] = known.in(line);
    const quoted = JSON.stringify(line);
    const where = `${list.file} line ${number}`;
    if (another) problems.push(`${where}: ${quoted} could be "${id}" or "${another}"; write only the id`);
    else if (id === undefined && unlabelled.in(line).length > 0)
      problems.push(
        `${where}: ${quoted} has no label; remove this line, because the image is unlabelled in every split`,
      );
    else if (id === undefined)
      problems.push(`${where}: ${quoted} is not a training image of this dataset${known.hint(entry)}`);
    else if (list.lines.has(id))
      problems.push(`${where}: "${id}" is listed twice, first on line ${list.lines.get(id)}`);
    else list.lines.set(id, number);
  }
  if (entries.length === 0) problems.push(`${list.file}: does not name any image`);
  return list;
}

/** Null if the file is not in the folder or cannot be read: the difference is nobody's business but the owner's. */
async function readListFile(path: string, directory: string | null): Promise<string | null> {
  const found = await findAllowedFile(path, directory === null ? [] : [directory], MAX_BYTES);
  return 'file' in found ? readText(found.file).catch(() => null) : null;
}
