import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import type { Principal } from '../auth/principal.js';
import { notFound, refusal } from '../graphql/errors.js';
import type { Run } from '../runs/run.entity.js';
import { Tally } from './tally.js';

/** Each uses a connection to the database until its client has read everything. */
const MOST_EXPORTS = 4;
/** A client that reads nothing for this long is disconnected. */
const STALL_MS = 60_000;
/** A client that reads slower is disconnected: the snapshot that it reads may keep old rows in the database. */
const LONGEST_MS = 30 * 60_000;
/** Node's error codes for an answer whose connection the client has closed, and for one that took too long. */
const BROKEN_OFF = ['ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'];

export interface RunTextsParts {
  runs: { find(id: string | null, number: number | null): Promise<Run | null> };
  auth: { authenticate(authorization: string | undefined, address: string | null): Promise<Principal> };
}

/** A text about a run. */
export interface RunText {
  contentType: string;
  /** The end of the name of the file, such as `metrics.csv`. */
  file: string;
  /** Calls `send` once with the parts of the text, when the database has begun to answer. */
  write(run: Run, send: (parts: AsyncIterable<string>) => Promise<void>): Promise<void>;
}

/** Serves long texts about runs, only a few at a time. An answer that breaks off ends the connection. */
export class RunTexts {
  private readonly inProgress = new Tally(MOST_EXPORTS);

  constructor(private readonly parts: RunTextsParts) {}

  /**
   * Answers a request with the route parameter `run`, an id or a number.
   * @param textOf what to answer with. It checks the parameters of the request
   * @throws UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, TOO_MANY_REQUESTS
   */
  async answer(request: Request, response: Response, textOf: () => RunText): Promise<void> {
    const { kind } = await this.parts.auth.authenticate(request.headers.authorization, request.ip ?? null);
    if (kind === 'anonymous') throw refusal('USER_TOKEN_MISSING', { what: 'reading a run' });
    if (kind === 'runner') throw refusal('NEEDS_USER_TOKEN', { what: 'reading a run' });
    const { contentType, file, write } = textOf();
    const run = await this.find(String(request.params.run));
    const headers = {
      'Content-Type': contentType,
      'Content-Disposition': `attachment; filename="run-${run.number}-${file}"`,
      'Cache-Control': 'no-store',
    };
    if (request.method === 'HEAD') {
      response.set(headers).end();
      return;
    }
    const release = this.inProgress.take('exports');
    if (!release) throw refusal('TOO_MANY_EXPORTS', { most: this.inProgress.limit });
    try {
      await write(run, async (texts) => {
        response.set(headers);
        response.setTimeout(STALL_MS, () => response.destroy());
        // One part at a time: each is read when the one before it has left.
        const parts = Readable.from(texts, { highWaterMark: 1 });
        await pipeline(parts, response, { signal: AbortSignal.timeout(LONGEST_MS) });
      });
    } catch (error) {
      if (!BROKEN_OFF.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    } finally {
      release();
    }
  }

  private async find(name: string): Promise<Run> {
    const number = /^\d{1,9}$/.test(name) ? Number(name) : null;
    const run = await this.parts.runs.find(number === null ? name : null, number);
    if (!run) throw notFound('run', name);
    return run;
  }
}
