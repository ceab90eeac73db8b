import type { AttemptReportInput } from '../../schema/generated/runner/graphql.js';

/** A report without its attempt and sequence number. */
export type ReportContent = Omit<AttemptReportInput, 'attemptId' | 'fence' | 'sequence'>;

/** The blobs that a report refers to. They are uploaded before the report is sent. */
export function blobsOf({ samples, reviewPictures, checkpoint }: ReportContent): {
  images: string[];
  checkpoint: string | null;
} {
  const pictures = [...(samples ?? []), ...(reviewPictures ?? [])];
  return { images: pictures.map(({ sha256 }) => sha256), checkpoint: checkpoint?.sha256 ?? null };
}
