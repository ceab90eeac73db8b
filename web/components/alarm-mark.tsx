import type { RunRowFragment } from '../../schema/generated/web/graphql.js';
import { alarmSummary } from '../format/alarm-words.js';

/** Says in a row that a run has raised alarms; what they are is said on hover and to those who listen, and at length on the run's page. */
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
