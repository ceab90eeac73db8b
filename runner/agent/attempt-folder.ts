import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttemptOutcome, AttemptRefInput } from '../../schema/generated/runner/graphql.js';
import { diskFault } from '../files/disk-fault.js';
import { pathInside } from './path-inside.js';

/** How an attempt ended, as it is reported to the server. */
export interface Outcome {
  outcome: AttemptOutcome;
  message: string | null;
}

/**
 * `<home>/attempts/<attempt id>/`: attempt.json, the spool, the training process's log and work folder and, once known,
 * outcome.json. The folder is removed when the server has acknowledged everything in it.
 */
export class AttemptFolder {
  private constructor(
    readonly path: string,
    readonly attempt: AttemptRefInput,
  ) {}

  /** Creates the folder of a new attempt. Rejects if it exists: the results in it may not have been delivered yet. */
  static async create(home: string, attempt: AttemptRefInput): Promise<AttemptFolder> {
    const folder = new AttemptFolder(pathOf(home, attempt.attemptId), attempt);
    await mkdir(attemptsFolder(home), { recursive: true });
    await mkdir(folder.path);
    await mkdir(folder.workDirectory);
    await writeFile(join(folder.path, 'attempt.json'), JSON.stringify(attempt));
    return folder;
  }

  /** Whether this home already has a folder of the attempt. */
  static exists(home: string, attemptId: string): boolean {
    return existsSync(pathOf(home, attemptId));
  }

  /** The folders left behind by an agent that was killed, oldest first. */
  static async leftBehind(home: string): Promise<AttemptFolder[]> {
    const root = attemptsFolder(home);
    if (!existsSync(root)) return [];
    const folders: AttemptFolder[] = [];
    for (const name of (await readdir(root)).sort()) {
      const path = join(root, name);
      const complete = existsSync(join(path, 'attempt.json')) && existsSync(join(path, 'reports.ndjson'));
      if (complete) {
        const attempt = JSON.parse(await readFile(join(path, 'attempt.json'), 'utf8')) as AttemptRefInput;
        folders.push(new AttemptFolder(path, attempt));
      } else await rm(path, { recursive: true, force: true });
    }
    return folders;
  }

  get workDirectory(): string {
    return join(this.path, 'work');
  }

  get logFile(): string {
    return join(this.path, 'training.log');
  }

  /** Saves the outcome, so that the agent can still deliver it after a restart. */
  async writeOutcome(outcome: Outcome): Promise<void> {
    const file = join(this.path, 'outcome.json');
    await writeFile(`${file}.part`, JSON.stringify(outcome));
    await rename(`${file}.part`, file);
  }

  async readOutcome(): Promise<Outcome | null> {
    const file = join(this.path, 'outcome.json');
    return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Outcome) : null;
  }

  /** Removes what there is of the folder. If the disk does not allow it, the next start tries again. */
  static async discard(home: string, attempt: AttemptRefInput): Promise<void> {
    await rm(pathOf(home, attempt.attemptId), { recursive: true, force: true }).catch((error) => {
      if (diskFault(error) === null) throw error;
    });
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

function pathOf(home: string, attemptId: string): string {
  return pathInside(attemptsFolder(home), attemptId);
}

function attemptsFolder(home: string): string {
  return join(home, 'attempts');
}
