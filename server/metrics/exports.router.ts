import { type Request, Router } from 'express';
import { refusal } from '../graphql/errors.js';
import { checkStorable } from '../graphql/storable.js';
import type { RunTexts } from '../http/run-texts.js';
import { EXPORT_FORMATS } from './export-formats.js';
import type { Exported, ExportsService } from './exports.service.js';
import { checkNames, LAST_STEP } from './metrics.service.js';

const PARAMETERS = ['names', 'fromStep', 'toStep', 'fromTime', 'toTime'];
/** The last time that a Date can have. */
const LAST_TIME = 8.64e15;

export interface ExportsParts {
  exports: Pick<ExportsService, 'export'>;
  texts: RunTexts;
}

/**
 * Serves the points of a run in full. Mount it at the root.
 * GET and HEAD /runs/<id or number>/metrics.csv and metrics.ndjson (a user token, if tokens are required), with the parameters
 * `names` (may be repeated; default: all series), `fromStep` and `toStep`, `fromTime` and `toTime` (milliseconds since 1970): 200,
 * 400 a parameter is invalid, 401, 403, 404, 429 too many exports are in progress. An answer that breaks off ends the connection.
 */
export function exportsRouter({ exports, texts }: ExportsParts): Router {
  const router = Router();
  router.get('/runs/:run/metrics.:format', async (request, response, next) => {
    const extension = request.params.format;
    if (!Object.hasOwn(EXPORT_FORMATS, extension)) return next();
    const format = EXPORT_FORMATS[extension as keyof typeof EXPORT_FORMATS];
    await texts.answer(request, response, () => {
      const wanted = wantedIn(request);
      return {
        contentType: format.contentType,
        file: `metrics.${extension}`,
        write: (run, send) => exports.export({ run, ...wanted }, format, send),
      };
    });
  });
  return router;
}

/** What the parameters ask for. @throws BAD_USER_INPUT */
function wantedIn({ originalUrl }: Request): Omit<Exported, 'run'> {
  const { searchParams } = new URL(originalUrl, 'http://localhost');
  const unknown = [...searchParams.keys()].find((key) => !PARAMETERS.includes(key));
  if (unknown !== undefined) {
    throw refusal('PARAMETER_UNKNOWN', { known: PARAMETERS, name: unknown });
  }
  const names = searchParams.has('names') ? searchParams.getAll('names') : null;
  checkNames(names);
  for (const name of names ?? []) {
    checkStorable(name, 'names');
  }
  const number = <Default>(key: string, most: number, byDefault: Default) => {
    const text = searchParams.get(key);
    if (text === null) return byDefault;
    if (/^\d+$/.test(text) && Number(text) <= most) return Number(text);
    throw refusal('NOT_A_NUMBER', { field: key, max: most, value: text });
  };
  return {
    names,
    range: {
      fromStep: number('fromStep', LAST_STEP, 0),
      toStep: number('toStep', LAST_STEP, LAST_STEP),
      fromTime: number('fromTime', LAST_TIME, null),
      toTime: number('toTime', LAST_TIME, null),
    },
  };
}
