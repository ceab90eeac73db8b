import { beforeAll, describe, expect, it } from 'vitest';
import { loadLanguage } from '../messages/language.js';
import { alarmCount, alarmGroups, alarmSummary, newestAlarm } from './alarm-words.js';

beforeAll(() => loadLanguage('en'));

const alarms = [
  { kind: 'NEVER_PREDICTED' as const, step: 20, overStep: 30 },
  { kind: 'NEVER_PREDICTED' as const, step: 40, overStep: null },
  { kind: 'DROP' as const, step: 30, overStep: 70 },
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
    expect(newestAlarm(alarms)).toMatchObject({ kind: 'NEVER_PREDICTED', step: 40 });
    expect(newestAlarm([...alarms, { kind: 'DROP' as const, step: 40, overStep: null }])).toMatchObject({
      kind: 'DROP',
    });
    expect(newestAlarm([])).toBeUndefined();
  });

  it('count them, and say which are active', () => {
    expect(alarmCount(alarms)).toBe('3 alarms, 1 active');
    expect(alarmCount(alarms.slice(0, 1))).toBe('1 alarm, over');
    expect(alarmCount(alarms.slice(1, 2))).toBe('1 alarm');
    expect(alarmCount(alarms.map((alarm) => ({ ...alarm, overStep: null })))).toBe('3 alarms');
  });

  it('summarise all alarms in one line', () => {
    expect(alarmSummary(alarms)).toBe('mIoU has fallen from its peak (over); Classes that are never predicted (2)');
    expect(alarmSummary(alarms.slice(0, 1).concat({ ...alarms[0]!, step: 30 }))).toBe(
      'Classes that are never predicted (2, over)',
    );
  });
});
