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
  const total = columns.reduce((sum, { steps }) => sum + steps.length, 0);
  const [steps, values, times] = [4 * total, 8 * total, 8 * total].map((bytes) => Buffer.allocUnsafe(bytes));
  let point = 0;
  for (const column of columns) {
    for (let i = 0; i < column.steps.length; i++, point++) {
      steps!.writeInt32LE(column.steps[i]!, 4 * point);
      // NaN and infinities are texts in JSON.
      values!.writeDoubleLE(Number(column.values[i]), 8 * point);
      if (column.times) times!.writeDoubleLE(column.times[i]!, 8 * point);
    }
  }
  return {
    series: columns.map(({ series }) => series),
    counts: columns.map((column) => column.steps.length),
    steps: steps!.toString('base64'),
    values: values!.toString('base64'),
    ...(columns[0]?.times && { times: times!.toString('base64') }),
  };
}
