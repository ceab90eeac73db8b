import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import type { Principal } from '../auth/principal.js';
import { badUserInput, forbidden, notFound, tooManyRequests, unauthenticated } from '../graphql/errors.js';
import { shown, unstorable } from '../graphql/texts.js';
import { Tally } from '../http/tally.js';
import type { Run } from '../runs/run.entity.js';
import { EXPORT_FORMATS } from './export-formats.js';
import type { Exported, ExportsService } from './exports.service.js';
import { checkNames, LAST_STEP } from './metrics.service.js';

/** Each uses a connection to the database until its client has read everything. */
const MOST_EXPORTS = 4;
/** A client that reads nothing for this long is disconnected. */
const STALL_MS = 60_000;
/** A client that reads slower is disconnected: the snapshot that it reads keeps old rows in the database. */
const LONGEST_MS = 30 * 60_000;
/** Node's error codes for an answer whose connection the client has closed, and for one that took too long. */
const BROKEN_OFF = ['ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'];

export interface ExportsParts {
  exports: Pick<ExportsService, 'export'>;
  runs: { find(id: string | null, number: number | null): Promise<Run | null> };
  auth: { authenticate(authorization: string | undefined, address: string | null): Promise<Principal> };
}

/**
 * Serves the points of a run in full. Mount it at the root.
 * GET and HEAD /runs/<id or number>/metrics.csv and metrics.ndjson (a user token, if tokens are required), with the parameters
 * `names` (may be repeated; default: all series), `fromStep` and `toStep`: 200, 400 a parameter is invalid, 401, 403, 404, 429
 * too many exports are in progress. An answer that breaks off ends the connection.
 */
export function exportsRouter(parts: ExportsParts): Router {
  const router = Router();
  const inProgress = new Tally(MOST_EXPORTS);
  router.get('/runs/:run/metrics.:format', async (request, response, next) => {
    const { format } = request.params;
    if (!Object.hasOwn(EXPORT_FORMATS, format)) return next();
    await answer({ ...parts, inProgress }, request, response, format as keyof typeof EXPORT_FORMATS);
  });
  return router;
}

async function answer(
  { exports, runs, auth, inProgress }: ExportsParts & { inProgress: Tally },
  request: Request,
  response: Response,
  extension: keyof typeof EXPORT_FORMATS,
): Promise<void> {
  const { kind } = await auth.authenticate(request.headers.authorization, request.ip ?? null);
  if (kind === 'anonymous') throw unauthenticated('reading a run needs a user token');
  if (kind === 'runner') throw forbidden('reading a run needs a user token; this is a runner token');
  const wanted = wantedIn(request);
  const name = String(request.params.run);
  const number = /^\d{1,9}$/.test(name) ? Number(name) : null;
  const run = await runs.find(number === null ? name : null, number);
  if (!run) throw notFound('run', name);
  const format = EXPORT_FORMATS[extension];
  const headers = {
    'Content-Type': format.contentType,
    'Content-Disposition': `attachment; filename="run-${run.number}-metrics.${extension}"`,
    'Cache-Control': 'no-store',
  };
  if (request.method === 'HEAD') {
    response.set(headers).end();
    return;
  }
  const release = inProgress.take('exports');
  if (!release) throw tooManyRequests(`${inProgress.limit} exports are already in progress; try again later`);
  try {
    await exports.export({ run, ...wanted }, format, async (texts) => {
      response.set(headers);
      response.setTimeout(STALL_MS, () => response.destroy());
      await pipeline(Readable.from(texts), response, { signal: AbortSignal.timeout(LONGEST_MS) });
    });
  } catch (error) {
    if (!BROKEN_OFF.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    release();
  }
}

/** What the parameters ask for. @throws BAD_USER_INPUT */
function wantedIn({ originalUrl }: Request): Omit<Exported, 'run'> {
  const { searchParams } = new URL(originalUrl, 'http://localhost');
  const unknown = [...searchParams.keys()].find((key) => !['names', 'fromStep', 'toStep'].includes(key));
  if (unknown !== undefined) {
    throw badUserInput(`the parameters are names, fromStep and toStep; got ${shown(unknown)}`);
  }
  const names = searchParams.has('names') ? searchParams.getAll('names') : null;
  checkNames(names);
  for (const name of names ?? []) {
    const problem = unstorable(name);
    if (problem !== null) throw badUserInput(`names: ${shown(name)} ${problem}`);
  }
  const step = (key: string, byDefault: number) => {
    const text = searchParams.get(key);
    if (text === null) return byDefault;
    const number = Number(text);
    if (/^\d+$/.test(text) && number <= LAST_STEP) return number;
    throw badUserInput(`${key}: must be a number from 0 to ${LAST_STEP}; got ${shown(text)}`);
  };
  return { names, range: { fromStep: step('fromStep', 0), toStep: step('toStep', LAST_STEP) } };
}
