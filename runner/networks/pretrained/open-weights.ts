import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { RunConfig } from '../../../schema/run-config.js';
import { sha256OfFile } from '../../files/sha256-of-file.js';
import { readTensorFile, type TensorFileRead } from '../safetensors.js';
import { download } from './download.js';

export type PretrainedSource = NonNullable<RunConfig['network']['pretrained']>;

export interface PretrainedWeights {
  /** The requested path or URL. */
  source: string;
  sha256: string;
  content: TensorFileRead;
}

export interface OpenOptions {
  /** Where downloaded files are stored. Created if missing. */
  cacheDirectory: string;
  log: (message: string) => void;
}

/** `$XDG_CACHE_HOME/crosscheck/weights`, or `~/.cache/…` if unset. Shared by all runners of a user. */
export function defaultWeightsCache(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'crosscheck', 'weights');
}

/**
 * Reads pretrained weights from this machine, or downloads them once. A download is cached permanently, under its
 * SHA-256 if that is known and otherwise under its URL. Specify the SHA-256 if the content of a URL may change.
 * @throws Error when the file is missing, cannot be downloaded, is not a safetensors file, or has a different SHA-256.
 */
export async function openWeights(wanted: PretrainedSource, options: OpenOptions): Promise<PretrainedWeights> {
  const { source, sha256 } = wanted;
  if (/^https?:/i.test(source)) return openAddress(wanted, options);
  if (!existsSync(source)) throw new Error(`the pretrained weights ${source} do not exist on this runner`);
  const actual = await sha256OfFile(source);
  if (sha256 !== null && actual !== sha256) {
    throw new Error(`the pretrained weights ${source} have the SHA-256 ${actual}, expected ${sha256}`);
  }
  return { source, sha256: actual, content: await readTensorFile(source) };
}

async function openAddress({ source, sha256 }: PretrainedSource, options: OpenOptions): Promise<PretrainedWeights> {
  const { cacheDirectory, log } = options;
  const key = sha256 ?? `address-${createHash('sha256').update(source).digest('hex')}`;
  const file = join(cacheDirectory, `${key}.safetensors`);
  await mkdir(cacheDirectory, { recursive: true });
  if (existsSync(file) && sha256 !== null && (await sha256OfFile(file)) !== sha256) {
    log(`the cached copy of ${source} in ${cacheDirectory} is damaged; downloading it again`);
    await rm(file, { force: true });
  }
  if (!existsSync(file)) {
    log(`downloading ${source}`);
    await download({ url: source, file, sha256, log });
  }
  try {
    return { source, sha256: sha256 ?? (await sha256OfFile(file)), content: await readTensorFile(file) };
  } catch (error) {
    // It may be a login page, for example. If it stayed in the cache, the correct file would never be downloaded.
    await rm(file, { force: true });
    throw new Error(`${source} does not contain usable weights: ${(error as Error).message}`, { cause: error });
  }
}
