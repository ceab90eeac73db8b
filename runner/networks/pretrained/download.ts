import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as pause } from 'node:timers/promises';
import { sha256OfFile } from '../../files/sha256-of-file.js';
import { PartialFile } from './partial-file.js';

export interface Download {
  url: string;
  /** Where the complete file appears, at once and whole. Its folder must exist. */
  file: string;
  /** What it must hash to; null when nobody knows. */
  sha256: string | null;
  log: (message: string) => void;
  /** How long to wait before each further try, in milliseconds. */
  pausesMs?: readonly number[];
}

const PAUSES_MS = [1_000, 3_000, 10_000, 30_000];

/** Trying again would change nothing. */
class Refused extends Error {}

/**
 * Downloads a file, going on where an earlier try of this or a process that is gone broke off, as long as the server still has
 * the same version (HTTP Range with If-Range, RFC 9110).
 * @throws Error when the server refuses, stays away, or the bytes do not have the SHA-256; the message says which.
 */
export async function download({ url, file, sha256, log, pausesMs = PAUSES_MS }: Download): Promise<void> {
  const partial = await PartialFile.take(file);
  let resumed = await transfer(url, partial, log, pausesMs);
  if (sha256 !== null && resumed && (await sha256OfFile(partial.path)) !== sha256) {
    log(`the pieces of ${url} do not fit together; downloading it anew`);
    await partial.discard();
    resumed = await transfer(url, partial, log, pausesMs);
  }
  const actual = sha256 === null ? null : await sha256OfFile(partial.path);
  if (actual !== sha256) {
    await partial.discard();
    throw new Error(`${url} has the SHA-256 ${actual}, expected ${sha256}: another file, or a damaged one`);
  }
  await partial.finish(file);
}

/** Fetches until the partial file is complete; whether it consists of more than one piece. */
async function transfer(
  url: string,
  partial: PartialFile,
  log: Download['log'],
  pausesMs: readonly number[],
): Promise<boolean> {
  let resumed = false;
  for (let attempt = 0; ; attempt++) {
    try {
      return (await fetchRest(url, partial)) || resumed;
    } catch (error) {
      const why = reasonOf(error);
      const wait = pausesMs[attempt];
      if (error instanceof Refused || wait === undefined) {
        throw new Error(`cannot download ${url}: ${why}`, { cause: error });
      }
      log(
        `the download of ${url} broke off after ${await partial.bytes()} bytes (${why}); going on in ${wait / 1000} s`,
      );
      await pause(wait);
      resumed = true;
    }
  }
}

/** One request for what is not there yet; whether it went on from earlier bytes. */
async function fetchRest(url: string, partial: PartialFile): Promise<boolean> {
  const have = await partial.bytes();
  const version = await partial.version();
  // Bytes without a version could be those of another file by now.
  const goOn = have > 0 && version !== null;
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (goOn) Object.assign(headers, { range: `bytes=${have}-`, 'if-range': version });
  const response = await fetch(url, { headers });
  const range = response.headers.get('content-range') ?? '';
  if (goOn && response.status === 416 && range === `bytes */${have}`) {
    await response.body?.cancel();
    return true;
  }
  const continues = goOn && response.status === 206 && range.startsWith(`bytes ${have}-`);
  if (!continues && response.status !== 200) {
    await response.body?.cancel();
    // A server that is busy may go on later; one that has other bytes, or none, makes those that are here useless.
    if (!isBusy(response)) await partial.discard();
    throw answerError(response);
  }
  if (!continues) await partial.restart(versionOf(response));
  if (!response.body) throw new Error('the server sent no body');

  // The types of the web's streams and Node's are two of the same thing.
  const body = Readable.fromWeb(response.body as ReadableStream);
  await pipeline(body, createWriteStream(partial.path, { flags: 'a', flush: true }));
  const announced = Number(response.headers.get('content-length') ?? Number.NaN);
  const expected = (continues ? have : 0) + announced;
  const bytes = await partial.bytes();
  if (!Number.isNaN(expected) && bytes !== expected) throw new Error(`${bytes} bytes came of ${expected}`);
  return continues;
}

/** What may stand in If-Range: a strong ETag, else the date. */
function versionOf({ headers }: Response): string | null {
  const etag = headers.get('etag');
  return etag && !etag.startsWith('W/') ? etag : headers.get('last-modified');
}

function isBusy({ status }: Response): boolean {
  return status >= 500 || [408, 425, 429].includes(status);
}

function answerError(response: Response): Error {
  const { status, statusText } = response;
  const message = `the server answered ${status} ${statusText}`.trim();
  // 206 and 416 are about bytes that lie here no longer: the next request asks for the whole file.
  return isBusy(response) || [206, 416].includes(status) ? new Error(message) : new Refused(message);
}

/** fetch says only "fetch failed" or "terminated"; its cause says why. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message ? `${message}: ${cause.message}` : message;
}
