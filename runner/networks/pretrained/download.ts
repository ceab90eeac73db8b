import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { AllowedHost } from '../../files/allowed-hosts.js';
import { limitedTo } from '../../files/limited-stream.js';
import { sha256OfFile } from '../../files/sha256-of-file.js';
import { checkedRequest, Refused } from './checked-request.js';
import { PartialFile } from './partial-file.js';

export interface Download {
  url: string;
  /** Where the file appears once it is complete. Its folder must exist. */
  file: string;
  /** The expected SHA-256; null if unknown. */
  sha256: string | null;
  /** The hosts that it may come from, also after redirects. */
  hosts: readonly AllowedHost[];
  /** The largest file that is accepted. */
  maxBytes: number;
  log: (message: string) => void;
  /** How long to wait before each retry, in milliseconds. */
  pausesMs?: readonly number[];
}

const PAUSES_MS = [1_000, 3_000, 10_000, 30_000];

/** The file had another SHA-256 than expected. */
export class WrongHash extends Error {}

/**
 * Downloads a file. Resumes an interrupted download of this process, or of one that has exited, if the server still has
 * the same version (HTTP Range with If-Range, RFC 9110).
 * @throws Error when the server refuses or stays unavailable, or when the SHA-256 is wrong. The message says which.
 */
export async function download(wanted: Download): Promise<void> {
  const { url, file, sha256, log } = wanted;
  const partial = await PartialFile.take(file);
  let resumed = await transfer(wanted, partial);
  if (sha256 !== null && resumed && (await sha256OfFile(partial.path)) !== sha256) {
    log(`the resumed download of ${url} has the wrong SHA-256; downloading it from the beginning`);
    await partial.discard();
    resumed = await transfer(wanted, partial);
  }
  const actual = sha256 === null ? null : await sha256OfFile(partial.path);
  if (actual !== sha256) {
    await partial.discard();
    throw new WrongHash(
      `${url} has the SHA-256 ${actual}, expected ${sha256}: the file is damaged, or it is a different file`,
    );
  }
  await partial.finish(file);
}

/** Fetches until the partial file is complete. Returns whether any part of the download was resumed. */
async function transfer(wanted: Download, partial: PartialFile): Promise<boolean> {
  const { url, log, pausesMs = PAUSES_MS } = wanted;
  let resumed = false;
  for (let attempt = 0; ; attempt++) {
    try {
      return (await fetchRest(wanted, partial)) || resumed;
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
async function fetchRest({ url, hosts, maxBytes }: Download, partial: PartialFile): Promise<boolean> {
  const have = await partial.bytes();
  const version = await partial.version();
  // Without a version, the file on the server may have changed since.
  const goOn = have > 0 && version !== null;
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (goOn) Object.assign(headers, { range: `bytes=${have}-`, 'if-range': version });
  const answer = await checkedRequest(url, headers, hosts);
  const range = answer.headers['content-range'] ?? '';
  if (goOn && answer.statusCode === 416 && range === `bytes */${have}`) {
    answer.destroy();
    return true;
  }
  const continues = goOn && answer.statusCode === 206 && range.startsWith(`bytes ${have}-`);
  if (!continues && answer.statusCode !== 200) {
    answer.destroy();
    // A busy server may continue later. Any other answer means that the bytes so far cannot be used.
    if (!isBusy(answer)) await partial.discard();
    throw answerError(answer);
  }
  const before = continues ? have : 0;
  if (!continues) await partial.restart(versionOf(answer));
  await store(answer, partial, before, maxBytes);
  return continues;
}

async function store(answer: IncomingMessage, partial: PartialFile, before: number, maxBytes: number): Promise<void> {
  const announced = Number(answer.headers['content-length'] ?? Number.NaN);
  const expected = before + announced;
  const tooLarge = () => new Refused(`it has more than ${maxBytes} bytes`);
  try {
    if (expected > maxBytes) throw tooLarge();
    const file = createWriteStream(partial.path, { flags: 'a', flush: true });
    await pipeline(answer, limitedTo(maxBytes - before, tooLarge), file);
  } catch (error) {
    answer.destroy();
    if (error instanceof Refused) await partial.discard();
    throw error;
  }
  const bytes = await partial.bytes();
  if (!Number.isNaN(expected) && bytes !== expected) throw new Error(`received ${bytes} of ${expected} bytes`);
}

/** The value for If-Range: a strong ETag, otherwise the date. */
function versionOf({ headers }: IncomingMessage): string | null {
  const { etag } = headers;
  return (etag && !etag.startsWith('W/') ? etag : headers['last-modified']) ?? null;
}

function isBusy({ statusCode }: IncomingMessage): boolean {
  return statusCode! >= 500 || [408, 425, 429].includes(statusCode!);
}

function answerError(answer: IncomingMessage): Error {
  const { statusCode, statusMessage } = answer;
  const message = `the server answered ${statusCode} ${statusMessage}`.trim();
  // 206 and 416 refer to bytes that were just discarded. The next request asks for the whole file.
  return isBusy(answer) || [206, 416].includes(statusCode!) ? new Error(message) : new Refused(message);
}

/** Some errors of a connection have no message of their own. */
function reasonOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || code || 'the connection failed';
}
