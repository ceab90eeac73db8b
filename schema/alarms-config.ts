import { z } from 'zod';

/** What can be wrong with a run, as the API spells it; docs/metrics.md says how each is found. */
export const ALARM_KINDS = ['NEVER_PREDICTED', 'TAKEOVER', 'DIVERGING_AGREEMENT', 'DROP'] as const;

export const alarmKind = z.enum(ALARM_KINDS);

export type AlarmKind = z.output<typeof alarmKind>;

const evaluations = z.int().min(1).max(10_000);

/** A difference of two shares, in points of percent. */
const points = z.number().gt(0).max(100);

const neverPredicted = z
  .strictObject({ after: evaluations.default(5).describe('Evaluations in a row.') })
  .describe('A class that occurs in the validation images is nowhere predicted.');

const takeover = z
  .strictObject({
    remaining: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.25)
      .describe('All other classes together have less than this part of what they have in the labels.'),
    after: evaluations.default(3).describe('Evaluations in a row.'),
  })
  .describe('One class takes over the pseudo-labels; without pseudo-labels, the predictions.');

const divergingAgreement = z
  .strictObject({
    over: evaluations.default(4).describe('The newest evaluation is compared with the one so many before it.'),
    rise: points.default(2).describe('Points of agreement.'),
    fall: points.default(2).describe('Points of mIoU.'),
  })
  .describe('The networks agree more and are right less.');

const drop = z
  .strictObject({ points: points.default(10).describe("Points of mIoU below the network's best.") })
  .describe('mIoU has fallen from its peak.');

export type AlarmsConfig = z.output<typeof alarmsConfig>;

/** Which setting each kind has; null there switches the kind off. */
export const ALARM_SETTINGS = {
  NEVER_PREDICTED: 'neverPredicted',
  TAKEOVER: 'takeover',
  DIVERGING_AGREEMENT: 'divergingAgreement',
  DROP: 'drop',
} as const satisfies Record<AlarmKind, string>;

export const alarmsConfig = z
  .strictObject({
    neverPredicted: neverPredicted.nullable().prefault({}),
    takeover: takeover.nullable().prefault({}),
    divergingAgreement: divergingAgreement.nullable().prefault({}),
    drop: drop.nullable().prefault({}),
    stopOn: z.array(alarmKind).max(ALARM_KINDS.length).default([]).describe('Alarms that end the run.'),
  })
  .superRefine((config, problems) => {
    for (const [index, kind] of config.stopOn.entries()) {
      const setting = ALARM_SETTINGS[kind];
      if (config[setting] !== null) continue;
      problems.addIssue({
        code: 'custom',
        path: ['stopOn', index],
        message: `is never raised while alarms.${setting} is null`,
      });
    }
  })
  .describe('Judged after each evaluation on the validation images; null switches one off.');
