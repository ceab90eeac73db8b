import { constants } from 'node:fs';
import { access, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { checkedFolderOf } from '../../runner/agent/checked-folder.js';
import { parseDataOption } from '../../runner/agent/data-sources.js';
import type { DatasetDescriptor } from '../../runner/data/dataset.js';
import { DatasetError } from '../../runner/data/dataset-error.js';
import { convertDataset, requireEmpty } from '../../runner/data/formats/folder/convert.js';
import { type Inspected, inspectDataset } from '../../runner/data/inspect/inspect-dataset.js';
import { openDataset } from '../../runner/data/open.js';
import type { DataSource } from '../../runner/tracking/messages.js';
import { EXIT, type ExitCode, UserError } from '../../schema/exit-codes.js';
import { ProgressBar } from '../output/progress-bar.js';
import type { Shell } from '../shell.js';
import { datasetPage } from './page/page.js';
import { describeInspection } from './text.js';

export interface DatasetOptions {
  json: boolean;
  /** Where to write the page. */
  html?: string;
  /** Where to write the dataset in the folder format. */
  convert?: string;
  /** The folder of a runner. */
  home: string;
}

/** Prints what a dataset holds, and writes the page and the converted dataset. */
export async function showDataset(dir: string, options: DatasetOptions, { print, warn }: Shell): Promise<ExitCode> {
  const { json, html, home, convert } = options;
  // Before the check, which takes a while.
  if (html !== undefined) await refuseUnwritable(html);
  if (convert !== undefined) await requireEmpty(resolve(convert)).catch(refused);
  const source = parse(dir);
  const inspected = await inspect(source, home, warn);
  const { inspection, descriptor } = inspected;
  if (html !== undefined) await writeFile(html, await datasetPage(inspected));
  if (json) print(JSON.stringify(inspection, null, 2));
  else for (const line of describeInspection(inspection)) print(line);
  const { problems } = inspection;
  if (descriptor) {
    if (convert !== undefined) await convertTo(convert, source, descriptor, warn);
    return EXIT.done;
  }
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  warn(`error: the dataset cannot be used, because it has ${count}; fix what is listed, then run this again`);
  return EXIT.refused;
}

function parse(dir: string): DataSource {
  try {
    return parseDataOption(dir);
  } catch (error) {
    return refused(error);
  }
}

async function inspect(source: DataSource, home: string, warn: (line: string) => void): Promise<Inspected> {
  const bar = new ProgressBar('images checked');
  const checked = { folder: checkedFolderOf(resolve(home)), warn };
  return inspectDataset(source, { checked, progress: (done, total) => bar.show(done, total) })
    .catch(refused)
    .finally(() => bar.clear());
}

async function convertTo(
  out: string,
  source: DataSource,
  known: DatasetDescriptor,
  warn: (line: string) => void,
): Promise<void> {
  const bar = new ProgressBar('images written');
  const dataset = await openDataset(source, { known });
  await convertDataset(dataset, resolve(out), (done, total) => bar.show(done, total))
    .catch(refused)
    .finally(() => bar.clear());
  warn(`written in the folder format: ${resolve(out)}`);
}

/** What is wrong with a dataset is for its owner to fix. */
function refused(error: unknown): never {
  throw error instanceof DatasetError ? new UserError(error.message) : error;
}

async function refuseUnwritable(file: string): Promise<void> {
  const path = resolve(file);
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory())
    throw new UserError(`--html ${file}: this is a folder; name a file, such as ${join(file, 'dataset.html')}`);
  const folder = dirname(path);
  await access(found ? path : folder, constants.W_OK).catch(() => {
    throw new UserError(
      found
        ? `--html ${file}: the file is not writable`
        : `--html ${file}: the folder ${folder} does not exist or is not writable`,
    );
  });
}
