import type { StudyHeadFragment } from '../../../schema/generated/web/graphql.js';
import { t } from '../../messages/t.js';

/** "3 of 9 completed, 1 failed, 2 running" */
export function RunCounts({ counts }: { counts: StudyHeadFragment['runCounts'] }) {
  const { completed, total, running, failed, canceled } = counts;
  return <span className="num">{t('studies.counts', { completed, total, running, failed, canceled })}</span>;
}
