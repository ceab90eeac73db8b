import { csvField } from '../../schema/pivot/escape.js';
import type { ExportFormat } from './exports.service.js';
import type { Columns } from './points/columns.js';

/** The values that neither JSON nor a column of numbers can have are written as in the API. */
const csv: ExportFormat = {
  contentType: 'text/csv; charset=utf-8',
  header: 'run,series,step,time,value\n',
  lines(run, series, { steps, values, times }) {
    const start = `${run},${csvField(series)}`;
    let text = '';
    for (let place = 0; place < steps.length; place++) {
      text += `${start},${steps[place]},${times[place] ?? ''},${values[place]}\n`;
    }
    return text;
  },
};

const ndjson: ExportFormat = {
  contentType: 'application/x-ndjson',
  header: '',
  lines(run, series, { steps, values, times }: Columns) {
    const start = `{"run":${run},"series":${JSON.stringify(series)},"step":`;
    let text = '';
    for (let place = 0; place < steps.length; place++) {
      const value = values[place]!;
      text += `${start}${steps[place]},"time":${times[place]},"value":${Number.isFinite(value) ? value : `"${value}"`}}\n`;
    }
    return text;
  },
};

/** The formats of exports, by the extension of the file. */
export const EXPORT_FORMATS = { csv, ndjson } as const satisfies Record<string, ExportFormat>;
