import type { AttemptReportInput } from '../../../schema/generated/runner/graphql.js';

/** The same report with its packed points as `points`, so that specs read one form. */
export function unpacked({ packedPoints: packed, ...report }: AttemptReportInput): AttemptReportInput {
  if (!packed) return report;
  const steps = numbersIn(packed.steps, 4, (bytes, at) => bytes.getInt32(at, true));
  const floats = (text: string) => numbersIn(text, 8, (bytes, at) => bytes.getFloat64(at, true));
  const [values, times] = [floats(packed.values), packed.times ? floats(packed.times) : null];
  let to = 0;
  const points = packed.series.map((series, i) => {
    const from = to;
    to += packed.counts[i]!;
    return {
      series,
      steps: steps.slice(from, to),
      values: values.slice(from, to).map(shown),
      ...(times && { times: times.slice(from, to) }),
    };
  });
  return { ...report, points };
}

/** As in JSON, which has no NaN and no infinity. */
const shown = (value: number) => (Number.isFinite(value) ? value : (String(value) as 'NaN' | 'Infinity' | '-Infinity'));

function numbersIn(text: string, bytesEach: number, read: (bytes: DataView, at: number) => number): number[] {
  const bytes = Buffer.from(text, 'base64');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / bytesEach }, (_, i) => read(view, i * bytesEach));
}
