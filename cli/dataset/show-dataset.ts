import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { checkedFolderOf } from '../../runner/agent/checked-folder.js';
import { parseDataOption } from '../../runner/agent/data-sources.js';
import { DatasetError } from '../../runner/data/dataset-error.js';
import { type Inspected, inspectDataset } from '../../runner/data/inspect/inspect-dataset.js';
import { EXIT, type ExitCode, UserError } from '../../schema/exit-codes.js';
import { ProgressBar } from '../output/progress-bar.js';
import type { Shell } from '../shell.js';
import { datasetPage } from './page/page.js';
import { describeInspection } from './text.js';

export interface DatasetOptions {
  json: boolean;
  /** Where to write the page. */
  html?: string;
  /** The folder of a runner. */
  home: string;
}

/** Prints what a dataset holds, and writes the page. */
export async function showDataset(dir: string, options: DatasetOptions, { print, warn }: Shell): Promise<ExitCode> {
  const { json, html, home } = options;
  if (html !== undefined) await refuseUnwritable(html);
  const inspected = await inspect(dir, home, warn);
  const { inspection } = inspected;
  if (html !== undefined) await writeFile(html, await datasetPage(inspected));
  if (json) print(JSON.stringify(inspection, null, 2));
  else for (const line of describeInspection(inspection)) print(line);
  const { problems } = inspection;
  if (problems.length === 0) return EXIT.done;
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  warn(`error: the dataset cannot be used, because it has ${count}; fix what is listed, then run this again`);
  return EXIT.refused;
}

async function inspect(dir: string, home: string, warn: (line: string) => void): Promise<Inspected> {
  const bar = new ProgressBar('images checked');
  try {
    const checked = { folder: checkedFolderOf(resolve(home)), warn };
    return await inspectDataset(parseDataOption(dir), { checked, progress: (done, total) => bar.show(done, total) });
  } catch (error) {
    throw error instanceof DatasetError ? new UserError(error.message) : error;
  } finally {
    bar.clear();
  }
}

/** Before the check, which takes a while. */
async function refuseUnwritable(file: string): Promise<void> {
  const folder = dirname(resolve(file));
  await access(folder, constants.W_OK).catch(() => {
    throw new UserError(`--html ${file}: the folder ${folder} does not exist or is not writable`);
  });
}
