import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { ClaimRunMutation } from '../../schema/generated/runner/graphql.js';
import { diskFault } from '../files/disk-fault.js';
import { limitedTo } from '../files/limited-stream.js';
import { sha256OfFile } from '../files/sha256-of-file.js';
import { ServerFault } from './errors.js';
import { pathInside } from './path-inside.js';
import { retry } from './retry.js';
import type { ServerClient } from './server-client.js';

export type Claim = NonNullable<ClaimRunMutation['claimRun']>;

/**
 * Downloads the checkpoint that a run resumes from, always from the server itself and at most the announced number of
 * bytes. The file gets its name when its SHA-256 is right. Returns its path, or null when the run starts from the
 * beginning. A broken transfer is repeated; a wrong size or SHA-256 throws a ServerFault at once.
 */
export async function downloadCheckpoint(
  checkpoint: Claim['resumeFrom'],
  folder: string,
  client: ServerClient,
  signal: AbortSignal,
): Promise<string | null> {
  if (!checkpoint) return null;
  const { step, sha256 } = checkpoint;
  const file = pathInside(folder, `resume-${step}`);
  const partial = `${file}.part`;
  try {
    await retry(() => transfer(checkpoint, partial, client, signal), signal, client.waits);
    const actual = await sha256OfFile(partial);
    if (actual !== sha256) {
      throw damaged(step, `its SHA-256 is ${actual}, expected ${sha256}`);
    }
    await rename(partial, file);
    return file;
  } finally {
    await rm(partial, { force: true });
  }
}

async function transfer(
  { step, sha256, bytes }: NonNullable<Claim['resumeFrom']>,
  partial: string,
  client: ServerClient,
  signal: AbortSignal,
): Promise<void> {
  const body = await client.download(sha256, bytes, signal);
  const tooLong = () => damaged(step, `it has more than the announced ${bytes} bytes`);
  try {
    await pipeline(body, limitedTo(bytes, tooLong), createWriteStream(partial), { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ServerFault || diskFault(error)) throw error;
    throw new ServerFault(
      'unreachable',
      'BODY',
      `the download of the checkpoint was interrupted: ${(error as Error).message}`,
    );
  }
}

function damaged(step: number, why: string): ServerFault {
  return new ServerFault('refused', 'CHECKSUM', `the checkpoint of step ${step} is damaged: ${why}`);
}
