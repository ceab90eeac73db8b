import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ClaimRunMutation } from '../../schema/generated/runner/graphql.js';
import { sha256OfFile } from '../files/sha256-of-file.js';
import { ServerFault } from './errors.js';
import { retry } from './retry.js';
import type { ServerClient } from './server-client.js';

export type Claim = NonNullable<ClaimRunMutation['claimRun']>;

/**
 * Downloads the checkpoint that a run resumes from and verifies its SHA-256. Returns its path, or null when the run
 * starts from the beginning. A broken transfer is repeated; a wrong SHA-256 throws a ServerFault at once.
 */
export async function downloadCheckpoint(
  checkpoint: Claim['resumeFrom'],
  folder: string,
  client: ServerClient,
  signal: AbortSignal,
): Promise<string | null> {
  if (!checkpoint) return null;
  const file = join(folder, `resume-${checkpoint.step}`);
  await retry(async () => {
    const body = await client.download(checkpoint.url, checkpoint.bytes);
    try {
      await pipeline(body, createWriteStream(file), { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw new ServerFault(
        'unreachable',
        'BODY',
        `the download of the checkpoint was interrupted: ${(error as Error).message}`,
      );
    }
  }, signal);
  const sha256 = await sha256OfFile(file);
  if (sha256 !== checkpoint.sha256) {
    throw new ServerFault(
      'refused',
      'CHECKSUM',
      `the checkpoint of step ${checkpoint.step} is damaged: its SHA-256 is ${sha256}, expected ${checkpoint.sha256}`,
    );
  }
  return file;
}
