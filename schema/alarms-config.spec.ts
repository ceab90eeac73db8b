import { describe, expect, it } from 'vitest';
import { ALARM_SETTINGS, EVALUATION_ALARM_KINDS } from './alarms-config.js';
import { parseRunConfig } from './run-config.js';

function parsed(alarms: unknown) {
  return parseRunConfig({ dataset: 'shapes', split: { labelledRatio: 0.5 }, method: { name: 'cps' }, alarms });
}

function settings(alarms: unknown) {
  const result = parsed(alarms);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config.alarms;
}

describe('the alarms of a configuration', () => {
  it('are all on by default, and none of them stops the run', () => {
    expect(settings(undefined)).toEqual({
      neverPredicted: { after: 5 },
      takeover: { remaining: 0.25, after: 3 },
      divergingAgreement: { over: 4, rise: 2, fall: 2 },
      drop: { points: 10 },
      stopOn: [],
    });
  });

  it.each(EVALUATION_ALARM_KINDS)('of kind %s can be switched off, and then cannot stop the run', (kind) => {
    const setting = ALARM_SETTINGS[kind];
    expect(settings({ [setting]: null })[setting]).toBeNull();
    expect(settings({ stopOn: [kind] }).stopOn).toEqual([kind]);
    expect(parsed({ [setting]: null, stopOn: [kind] })).toEqual({
      ok: false,
      problems: [
        {
          field: 'alarms.stopOn.0',
          message: `cannot end the run while alarms.${setting} is null; turn that alarm on, or remove this entry; got "${kind}"`,
          reason: 'STOP_ON_ALARM_OFF',
          params: { setting, value: JSON.stringify(kind) },
        },
      ],
    });
  });

  it.each([
    [{ drop: { point: 3 } }, 'alarms.drop.point', 'unknown key "point"; allowed here: points'],
    [{ drop: { points: 0 } }, 'alarms.drop.points', 'got 0'],
    [{ stopOn: ['SLEEPY'] }, 'alarms.stopOn.0', 'got "SLEEPY"'],
    [{ takeover: { remaining: 1 } }, 'alarms.takeover.remaining', 'got 1'],
  ])('of %j are refused with what is wrong', (alarms, field, why) => {
    const result = parsed(alarms);
    expect(result).toMatchObject({ ok: false, problems: [{ field, message: expect.stringContaining(why) }] });
  });
});
