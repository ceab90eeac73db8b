import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { AttemptRefInput } from '../../schema/generated/runner/graphql.js';
import { diskFault } from '../files/disk-fault.js';
import { writeDurably } from '../files/durable-file.js';
import { DamagedFile, readJsonFile } from './json-file.js';
import { pathInside } from './path-inside.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const attemptRef = z.object({ attemptId: z.string(), fence: z.int().min(0) }) satisfies z.ZodType<AttemptRefInput>;
const outcome = z.object({
  outcome: z.enum(['SUCCEEDED', 'FAILED', 'LOST', 'RELEASED', 'CANCELED']),
  message: z.string().nullable(),
});

/** How an attempt ended, as it is reported to the server. */
export type Outcome = z.output<typeof outcome>;

/**
 * `<home>/attempts/<attempt id>/`: attempt.json, the spool, the training process's log and work folder and, once known,
 * outcome.json. The folder is removed when the server has acknowledged everything in it.
 */
export class AttemptFolder {
  private constructor(
    readonly path: string,
    readonly attempt: AttemptRefInput,
    /** See HomeLock. Called before anything in the folder changes. */
    private readonly assertHeld: () => void = () => {},
  ) {}

  /** Creates the folder of a new attempt. Rejects if it exists: the results in it may not have been delivered yet. */
  static async create(home: string, attempt: AttemptRefInput, assertHeld?: () => void): Promise<AttemptFolder> {
    const folder = new AttemptFolder(pathOf(home, attempt.attemptId), attempt, assertHeld);
    folder.assertHeld();
    await mkdir(attemptsFolder(home), { recursive: true });
    await mkdir(folder.path);
    await mkdir(folder.workDirectory);
    await writeDurably(join(folder.path, 'attempt.json'), JSON.stringify(attempt));
    return folder;
  }

  /** Whether this home already has a folder of the attempt. */
  static exists(home: string, attemptId: string): boolean {
    return existsSync(pathOf(home, attemptId));
  }

  /** The paths of the folders left behind by an agent that was killed. */
  static async leftBehind(home: string): Promise<string[]> {
    const root = attemptsFolder(home);
    if (!existsSync(root)) return [];
    const names = await readdir(root).catch((error: NodeJS.ErrnoException) => {
      throw new DamagedFile(root, error.code === 'ENOTDIR' ? 'it is not a folder' : error.message);
    });
    return names
      .filter((name) => UUID.test(name))
      .sort()
      .map((name) => join(root, name));
  }

  /**
   * Opens a folder that was left behind. Null if the agent was stopped before the attempt began.
   * @throws DamagedFile
   */
  static open(path: string, assertHeld?: () => void): AttemptFolder | null {
    const file = join(path, 'attempt.json');
    const attempt = readJsonFile(file, attemptRef);
    const reports = existsSync(join(path, 'reports.ndjson'));
    if (!attempt && reports) throw new DamagedFile(file, 'it is missing');
    if (!attempt || !reports) return null;
    if (attempt.attemptId !== basename(path)) throw new DamagedFile(file, `it is about attempt ${attempt.attemptId}`);
    return new AttemptFolder(path, attempt, assertHeld);
  }

  get workDirectory(): string {
    return join(this.path, 'work');
  }

  get logFile(): string {
    return join(this.path, 'training.log');
  }

  /**
   * Saves the outcome, so that the agent can still deliver it after a restart. All reports are on the disk first: with a
   * success whose last reports are missing, the server would fail the run.
   */
  async writeOutcome(value: Outcome): Promise<void> {
    this.assertHeld();
    const reports = await open(join(this.path, 'reports.ndjson'));
    try {
      await reports.sync();
    } finally {
      await reports.close();
    }
    await writeDurably(join(this.path, 'outcome.json'), JSON.stringify(value));
  }

  /** How the attempt ended; null if that is not known. @throws DamagedFile */
  readOutcome(): Outcome | null {
    return readJsonFile(join(this.path, 'outcome.json'), outcome);
  }

  /** Removes the folder of an attempt, or the part of it that was created. */
  static async discard(home: string, attempt: AttemptRefInput, assertHeld: () => void = () => {}): Promise<void> {
    assertHeld();
    await removeFolder(pathOf(home, attempt.attemptId));
  }

  async remove(): Promise<void> {
    this.assertHeld();
    await removeFolder(this.path);
  }
}

/** If the disk does not allow it, the next start tries again. */
async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch((error) => {
    if (diskFault(error) === null) throw error;
  });
}

function pathOf(home: string, attemptId: string): string {
  return pathInside(attemptsFolder(home), attemptId);
}

function attemptsFolder(home: string): string {
  return join(home, 'attempts');
}
