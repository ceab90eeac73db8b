import { z } from 'zod';
import { ownRule } from './problems/issues.js';

/** Kinds of alarm that an evaluation can raise, as the API spells them; docs/metrics.md explains how each is detected. */
export const EVALUATION_ALARM_KINDS = ['NEVER_PREDICTED', 'TAKEOVER', 'DIVERGING_AGREEMENT', 'DROP'] as const;

/** All kinds. STALLED is about the machine and DATA about the dataset, so they have no settings in a configuration. */
export const alarmKind = z.enum([...EVALUATION_ALARM_KINDS, 'STALLED', 'DATA']);

const evaluationAlarmKind = z.enum(EVALUATION_ALARM_KINDS);

export type AlarmKind = z.output<typeof alarmKind>;

const evaluations = z.int().min(1).max(10_000);

/** A difference of two shares, in percentage points. */
const points = z.number().gt(0).max(100);

const neverPredicted = z
  .strictObject({ after: evaluations.default(5).describe('Evaluations in a row.') })
  .describe('A class that occurs in the validation images is never predicted.');

const takeover = z
  .strictObject({
    remaining: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.25)
      .describe('Raised when all other classes together keep less than this share of what they have in the labels.'),
    after: evaluations.default(3).describe('Evaluations in a row.'),
  })
  .describe('One class takes over the pseudo-labels, or the predictions if there are no pseudo-labels.');

const divergingAgreement = z
  .strictObject({
    over: evaluations.default(4).describe('Compare the newest evaluation with the one this many evaluations earlier.'),
    rise: points.default(2).describe('How many points agreement must rise.'),
    fall: points.default(2).describe('How many points mIoU must fall.'),
  })
  .describe('The networks agree more, but are right less often.');

const drop = z
  .strictObject({ points: points.default(10).describe("Points of mIoU below the network's best.") })
  .describe('mIoU has fallen from its peak.');

export type AlarmsConfig = z.output<typeof alarmsConfig>;

/** The setting of each kind; null turns the kind off. */
export const ALARM_SETTINGS = {
  NEVER_PREDICTED: 'neverPredicted',
  TAKEOVER: 'takeover',
  DIVERGING_AGREEMENT: 'divergingAgreement',
  DROP: 'drop',
} as const satisfies Record<z.output<typeof evaluationAlarmKind>, string>;

export const alarmsConfig = z
  .strictObject({
    neverPredicted: neverPredicted.nullable().prefault({}),
    takeover: takeover.nullable().prefault({}),
    divergingAgreement: divergingAgreement.nullable().prefault({}),
    drop: drop.nullable().prefault({}),
    stopOn: z
      .array(evaluationAlarmKind)
      .max(EVALUATION_ALARM_KINDS.length)
      .default([])
      .describe('Alarms that end the run.'),
  })
  .superRefine((config, problems) => {
    for (const [index, kind] of config.stopOn.entries()) {
      const setting = ALARM_SETTINGS[kind];
      if (config[setting] !== null) continue;
      problems.addIssue({
        code: 'custom',
        path: ['stopOn', index],
        ...ownRule('STOP_ON_ALARM_OFF', { setting }),
      });
    }
  })
  .describe('Checked after each evaluation on the validation images; null turns an alarm off.');
