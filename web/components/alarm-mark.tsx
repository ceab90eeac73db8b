import type { RunRowFragment } from '../../schema/generated/web/graphql.js';
import { alarmSummary } from '../format/alarm-words.js';

/**
 * Marks a run that has raised alarms, with a summary on hover and for screen readers. The run's page has the details.
 */
export function AlarmMark({ alarms }: { alarms: RunRowFragment['alarms'] }) {
  if (alarms.length === 0) return null;
  const words = alarms.length === 1 ? '1 alarm' : `${alarms.length} alarms`;
  const summary = alarmSummary(alarms);
  return (
    <span className="alarm-mark" title={summary}>
      {words}
      <span className="visually-hidden">: {summary}</span>
    </span>
  );
}
