import type { PackedPointsInput } from '../../schema/generated/runner/graphql.js';
import { PACKED_POINTS_PROTOCOL } from '../../schema/protocol-version.js';
import type { ReportContent } from './report-content.js';

type Columns = NonNullable<ReportContent['points']>;

/** What a report becomes when it is closed, for a server of this version of the protocol. */
export function sealFor(protocol: number): (content: ReportContent) => ReportContent {
  return protocol < PACKED_POINTS_PROTOCOL ? (content) => content : packed;
}

/** The same report with its points in texts, which both sides and the line between them handle faster than lists of numbers. */
function packed({ points, ...content }: ReportContent): ReportContent {
  return points && points.length > 0 ? { ...content, packedPoints: packPoints(points) } : content;
}

/** The points of all series in one list for each column, one series after the other. Either all of them have times, or none. */
export function packPoints(columns: Columns): PackedPointsInput {
  const each = <Item>(list: (column: Columns[number]) => readonly Item[]) => columns.flatMap(list);
  return {
    series: columns.map(({ series }) => series),
    counts: columns.map(({ steps }) => steps.length),
    steps: base64(
      each(({ steps }) => steps),
      4,
      (bytes, step, at) => bytes.setInt32(at, step, true),
    ),
    // NaN and infinities are texts in JSON.
    values: packFloats(each(({ values }) => values.map(Number))),
    ...(columns[0]?.times && { times: packFloats(each(({ times }) => times!)) }),
  };
}

const packFloats = (floats: readonly number[]): string =>
  base64(floats, 8, (bytes, float, at) => bytes.setFloat64(at, float, true));

function base64(
  numbers: readonly number[],
  bytesEach: number,
  write: (bytes: DataView, number: number, at: number) => void,
): string {
  const bytes = Buffer.allocUnsafe(numbers.length * bytesEach);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const [i, number] of numbers.entries()) write(view, number, i * bytesEach);
  return bytes.toString('base64');
}
