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
  /** The path or address that was asked for. */
  source: string;
  sha256: string;
  content: TensorFileRead;
}

export interface OpenOptions {
  /** Where downloaded files are kept; made when it is missing. */
  cacheDirectory: string;
  log: (message: string) => void;
}

/** `$XDG_CACHE_HOME/crosscheck/weights`, `~/.cache/…` otherwise: shared by all runners of one user. */
export function defaultWeightsCache(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'crosscheck', 'weights');
}

/**
 * Reads pretrained weights from this machine, or downloads them once. A file with a known SHA-256 is kept under it, another
 * one under its address, for good: give the SHA-256 where an address may change what it serves.
 * @throws Error when the file is absent, cannot be downloaded, is no safetensors file, or has another SHA-256.
 */
export async function openWeights(wanted: PretrainedSource, options: OpenOptions): Promise<PretrainedWeights> {
  const { source, sha256 } = wanted;
  if (/^https?:/i.test(source)) return openAddress(wanted, options);
  if (!existsSync(source)) throw new Error(`the pretrained weights ${source} are not on this runner`);
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
    log(`the copy of ${source} in ${cacheDirectory} is damaged; downloading it again`);
    await rm(file, { force: true });
  }
  if (!existsSync(file)) {
    log(`downloading ${source}`);
    await download({ url: source, file, sha256, log });
  }
  try {
    return { source, sha256: sha256 ?? (await sha256OfFile(file)), content: await readTensorFile(file) };
  } catch (error) {
    // A page that says "log in first", say: kept, it would be in the way when the address is right again.
    await rm(file, { force: true });
    throw new Error(`${source} gave no usable weights: ${(error as Error).message}`, { cause: error });
  }
}
