import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { RunConfig } from '../../../schema/run-config.js';
import { findAllowedFile } from '../../files/allowed-file.js';
import { allowedHostOf } from '../../files/allowed-hosts.js';
import { type AllowedSources, urlOf } from '../../files/allowed-sources.js';
import { sha256OfFile } from '../../files/sha256-of-file.js';
import { readTensorFile, type TensorFileRead } from '../safetensors.js';
import { download, WrongHash } from './download.js';

export type PretrainedSource = NonNullable<RunConfig['network']['pretrained']>;

export interface PretrainedWeights {
  /** The requested name, path or URL. */
  source: string;
  sha256: string;
  content: TensorFileRead;
}

export interface OpenOptions {
  /** What the machine's owner allows. */
  allowed: AllowedSources;
  /** Where downloaded files are stored. Created if missing. */
  cacheDirectory: string;
  /** For the log of the run, which everybody who uses the server can read. */
  log: (message: string) => void;
  /** For the machine's owner alone. */
  privately: (message: string) => void;
  /** The largest file that is read or downloaded. */
  maxBytes?: number;
}

/** The largest files of ResNet-101 have 180 MB. */
const MAX_BYTES = 4 * 1024 ** 3;

/**
 * The weights cannot be used. The message is the same whether a file does not exist or may not be read, because a run's
 * author must not learn anything about the machine from it. The reason goes to the machine's owner.
 */
class Unavailable extends Error {
  constructor(source: string) {
    super(
      `the pretrained weights ${source} are not available on this runner: it reads only what its owner allows, and its own log says more (docs/networks.md)`,
    );
  }
}

/** `$XDG_CACHE_HOME/crosscheck/weights`, or `~/.cache/…` if unset. Shared by all runners of a user. */
export function defaultWeightsCache(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'crosscheck', 'weights');
}

/**
 * Reads pretrained weights from this machine, or downloads them once, if its owner allows the folder or the host. A
 * download is cached permanently, under its SHA-256 if that is known and otherwise under its URL. Specify the SHA-256 if
 * the content of a URL may change.
 * @throws Error with a message that tells nothing about this machine; the details go to `privately`
 */
export async function openWeights(wanted: PretrainedSource, options: OpenOptions): Promise<PretrainedWeights> {
  const { source, sha256 } = wanted;
  const url = urlOf(source);
  const file = url ? await fetched(url, wanted, options) : await found(source, options);
  const actual = await sha256OfFile(file);
  if (sha256 !== null && actual !== sha256) throw wrongHash(wanted, actual, options);
  try {
    return { source, sha256: actual, content: await readTensorFile(file) };
  } catch (error) {
    options.privately((error as Error).message);
    // It may be a login page, for example. If it stayed in the cache, the correct file would never be downloaded.
    if (url) await rm(file, { force: true });
    const hint = /\.(pth|pt|bin)$/i.test(source) ? '; docs/networks.md says how to convert a PyTorch file' : '';
    throw new Error(`the pretrained weights ${source} are not a usable safetensors file${hint}`);
  }
}

async function found(source: string, { allowed, privately, maxBytes = MAX_BYTES }: OpenOptions): Promise<string> {
  const found = await findAllowedFile(source, allowed.folders, maxBytes);
  if ('file' in found) return found.file;
  privately(`pretrained weights ${source}: ${found.refused}`);
  throw new Unavailable(source);
}

/** The cached copy of a URL, downloaded if there is none. */
async function fetched(url: URL, { source, sha256 }: PretrainedSource, options: OpenOptions): Promise<string> {
  const { allowed, cacheDirectory, log, privately, maxBytes = MAX_BYTES } = options;
  // Also before the cache is used: another run's file is not everybody's.
  if (!allowedHostOf(url, allowed.hosts)) {
    privately(`pretrained weights ${source}: the host ${url.host} is not allowed`);
    throw new Unavailable(source);
  }
  const key = sha256 ?? `address-${createHash('sha256').update(source).digest('hex')}`;
  await mkdir(cacheDirectory, { recursive: true });
  const file = join(cacheDirectory, `${key}.safetensors`);
  const cached = await findAllowedFile(file, [cacheDirectory], maxBytes);
  if ('file' in cached) {
    if (sha256 === null || (await sha256OfFile(file)) === sha256) return file;
    privately(`the cached copy of ${source} in ${cacheDirectory} is damaged; downloading it again`);
  }
  // Whatever else has this name, such as a folder, would be in the way.
  await rm(file, { recursive: true, force: true });
  log(`downloading ${source}`);
  try {
    await download({ url: source, file, sha256, hosts: allowed.hosts, maxBytes, log: privately });
  } catch (error) {
    privately((error as Error).message);
    throw error instanceof WrongHash ? unexpected(source) : new Unavailable(source);
  }
  return file;
}

function wrongHash({ source, sha256 }: PretrainedSource, actual: string, { privately }: OpenOptions): Error {
  privately(`the pretrained weights ${source} have the SHA-256 ${actual}, expected ${sha256}`);
  return unexpected(source);
}

function unexpected(source: string): Error {
  return new Error(`the pretrained weights ${source} do not have the SHA-256 that the run expects`);
}
