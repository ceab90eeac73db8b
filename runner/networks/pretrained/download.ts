import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout as pause } from 'node:timers/promises';
import { sha256OfFile } from '../../files/sha256-of-file.js';
import { PartialFile } from './partial-file.js';

export interface Download {
  url: string;
  /** Where the file appears once it is complete. Its folder must exist. */
  file: string;
  /** The expected SHA-256; null if unknown. */
  sha256: string | null;
  log: (message: string) => void;
  /** How long to wait before each retry, in milliseconds. */
  pausesMs?: readonly number[];
}

const PAUSES_MS = [1_000, 3_000, 10_000, 30_000];

/** The server refused the request, so a retry would not help. */
class Refused extends Error {}

/**
 * Downloads a file. Resumes an interrupted download of this process, or of one that has exited, if the server still has
 * the same version (HTTP Range with If-Range, RFC 9110).
 * @throws Error when the server refuses or stays unavailable, or when the SHA-256 is wrong. The message says which.
 */
export async function download({ url, file, sha256, log, pausesMs = PAUSES_MS }: Download): Promise<void> {
  const partial = await PartialFile.take(file);
  let resumed = await transfer(url, partial, log, pausesMs);
  if (sha256 !== null && resumed && (await sha256OfFile(partial.path)) !== sha256) {
    log(`the resumed download of ${url} has the wrong SHA-256; downloading it from the beginning`);
    await partial.discard();
    resumed = await transfer(url, partial, log, pausesMs);
  }
  const actual = sha256 === null ? null : await sha256OfFile(partial.path);
  if (actual !== sha256) {
    await partial.discard();
    throw new Error(
      `${url} has the SHA-256 ${actual}, expected ${sha256}: the file is damaged, or it is a different file`,
    );
  }
  await partial.finish(file);
}

/** Fetches until the partial file is complete. Returns whether any part of the download was resumed. */
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
        `the download of ${url} was interrupted after ${await partial.bytes()} bytes (${why}); retrying in ${wait / 1000} s`,
      );
      await pause(wait);
      resumed = true;
    }
  }
}

/** Requests the missing bytes once. Returns whether it continued from earlier bytes. */
async function fetchRest(url: string, partial: PartialFile): Promise<boolean> {
  const have = await partial.bytes();
  const version = await partial.version();
  // Without a version, the file on the server may have changed since.
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
    // A busy server may continue later. Any other answer means that the bytes so far cannot be used.
    if (!isBusy(response)) await partial.discard();
    throw answerError(response);
  }
  if (!continues) await partial.restart(versionOf(response));
  if (!response.body) throw new Error('the server sent an empty response');

  // The web's and Node's types of the same stream differ.
  const body = Readable.fromWeb(response.body as ReadableStream);
  await pipeline(body, createWriteStream(partial.path, { flags: 'a', flush: true }));
  const announced = Number(response.headers.get('content-length') ?? Number.NaN);
  const expected = (continues ? have : 0) + announced;
  const bytes = await partial.bytes();
  if (!Number.isNaN(expected) && bytes !== expected) throw new Error(`received ${bytes} of ${expected} bytes`);
  return continues;
}

/** The value for If-Range: a strong ETag, otherwise the date. */
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
  // 206 and 416 refer to bytes that were just discarded. The next request asks for the whole file.
  return isBusy(response) || [206, 416].includes(status) ? new Error(message) : new Refused(message);
}

/** The message of fetch is only "fetch failed" or "terminated". The reason is in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error && cause.message ? `${message}: ${cause.message}` : message;
}
