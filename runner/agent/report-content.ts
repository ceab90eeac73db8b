import type { AttemptReportInput } from '../../schema/generated/runner/graphql.js';

/** A report without the attempt and the sequence number that it is sent under. */
export type ReportContent = Omit<AttemptReportInput, 'attemptId' | 'fence' | 'sequence'>;

/** The blobs that a report names: they are uploaded before it is sent. */
export function blobsOf({ samples, checkpoint }: ReportContent): { images: string[]; checkpoint: string | null } {
  return { images: (samples ?? []).map(({ sha256 }) => sha256), checkpoint: checkpoint?.sha256 ?? null };
}
