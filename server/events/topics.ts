/** What can be listened to. Payloads carry ids only: a NOTIFY holds less than 8,000 bytes, and listeners refetch. */
export interface Topics {
  'run.changed': { runId: string; studyId: string | null };
  'run.deleted': { runId: string };
  'run.queued': Record<string, never>;
  'runner.changed': { runnerId: string };
  /** Points of these steps were written, ends included: a resumed run writes older steps again. */
  'points.added': { runId: string; fromStep: number; toStep: number };
  'alarm.raised': { alarmId: string; runId: string; studyId: string | null };
  /** Local: events may have been missed (the database connection was lost), so whoever shows a state reads it again. */
  resync: Record<string, never>;
}

export type Topic = keyof Topics;
export type PublishedTopic = Exclude<Topic, 'resync'>;
