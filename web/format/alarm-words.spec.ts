import { describe, expect, it } from 'vitest';
import { alarmGroups, alarmSummary, newestAlarm } from './alarm-words.js';

const alarms = [
  { kind: 'NEVER_PREDICTED' as const, step: 20 },
  { kind: 'NEVER_PREDICTED' as const, step: 40 },
  { kind: 'DROP' as const, step: 30 },
];

describe('words for alarms', () => {
  it('are grouped by kind, newest first', () => {
    expect(alarmGroups(alarms).map(({ kind, alarms }) => [kind, alarms.map(({ step }) => step)])).toEqual([
      ['DROP', [30]],
      ['NEVER_PREDICTED', [40, 20]],
    ]);
    expect(alarmGroups([])).toEqual([]);
  });

  it('include the newest alarm', () => {
    expect(newestAlarm(alarms)).toEqual({ kind: 'NEVER_PREDICTED', step: 40 });
    expect(newestAlarm([...alarms, { kind: 'DROP' as const, step: 40 }])).toMatchObject({ kind: 'DROP' });
    expect(newestAlarm([])).toBeUndefined();
  });

  it('summarise all alarms in one line', () => {
    expect(alarmSummary(alarms)).toBe('mIoU has fallen from its peak; Classes that are never predicted (2)');
  });
});
