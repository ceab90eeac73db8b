import { describe, expect, it } from 'vitest';
import {
  allBackground,
  CLASSES,
  detector,
  evaluated,
  halfOfIou,
  judgedTogether,
  labels,
  noBox,
  right,
} from '../testing/evaluations.js';
import type { AlarmEndRecord } from '../tracking/tracker.js';
import { type AlarmDetector, endInWords } from './alarms.js';
import type { Confusion } from './confusion.js';

/** At which of these evaluations of network 1, counted from 0, alarms are raised and over. */
function lives(of: AlarmDetector, sequence: Confusion[]): { raised: number[]; over: number[] } {
  const judged = sequence.map((BRANCH1) => of.judge(evaluated({ BRANCH1 })));
  const when = (what: 'raised' | 'over') => judged.flatMap((each, index) => each[what].map(() => index));
  return { raised: when('raised'), over: when('over') };
}
/** The number of alarms that each of these evaluations of network 1 raises. */
const counts = (of: AlarmDetector, sequence: Confusion[]) =>
  sequence.map((BRANCH1) => of.judge(evaluated({ BRANCH1 })).raised.length);

describe('alarms are over', () => {
  it('NEVER_PREDICTED: when the class is predicted again', () => {
    const of = detector({ neverPredicted: { after: 2 } });
    const sequence = [noBox, right, noBox, noBox, noBox, right, right, noBox, noBox, right];
    expect(lives(of, sequence)).toEqual({ raised: [3, 8], over: [5, 9] });
  });

  it('TAKEOVER: at the first evaluation in which the other classes have enough again', () => {
    const of = detector({ takeover: { remaining: 0.25, after: 2 } });
    const judge = (pseudo: number[]) => of.judge(evaluated({ BRANCH1: right }, [labels(pseudo)]));
    for (const taken of [
      [990, 6, 4],
      [990, 6, 4],
      [1000, 0, 0],
    ])
      expect(judge(taken).over).toEqual([]);
    const { over, raised } = judge([900, 60, 40]);
    expect({ over, raised }).toEqual({
      over: [{ step: expect.any(Number), kind: 'TAKEOVER', network: 'BRANCH1', classIndex: 0 }],
      raised: [],
    });
    expect(judge([900, 60, 40]).over).toEqual([]);
  });

  it('DROP: when the network reaches its peak again, and not before, so that it does not come and go', () => {
    const of = detector({ drop: { points: 10 } });
    const ious = [0.6, 0.49, 0.51, 0.49, 0.59, 0.05, 0.61, 0.6, 0.5];
    expect(lives(of, ious.map(halfOfIou))).toEqual({ raised: [1, 8], over: [6] });
  });

  it('DIVERGING_AGREEMENT: when it has not happened again in as many evaluations', () => {
    const all = judgedTogether(detector({ divergingAgreement: { over: 2, rise: 2, fall: 2 } }), [
      [0.5, 0.6],
      [0.6, 0.5],
      [0.7, 0.4],
      // Half of the evaluations: too early to say.
      [0.6, 0.5],
      [0.75, 0.35],
      [0.75, 0.35],
      [0.76, 0.36],
      [0.9, 0.1],
    ]);
    expect(all.map((each) => [each.raised.length, each.over.length])).toEqual([
      [0, 0],
      [0, 0],
      [1, 0],
      [0, 0],
      // It has happened again, so this is a new alarm.
      [1, 0],
      [0, 0],
      [0, 1],
      [1, 0],
    ]);
    expect(all[6]!.over).toMatchObject([{ kind: 'DIVERGING_AGREEMENT', network: null, classIndex: null }]);
  });

  it('when the networks restart', () => {
    const rules = { drop: {}, neverPredicted: { after: 2 }, takeover: { after: 1 }, divergingAgreement: { over: 1 } };
    const of = detector(rules);
    for (const [index, BRANCH1] of [right, noBox, allBackground].entries()) {
      of.agreed(0.5 + 0.1 * index);
      of.judge(evaluated({ BRANCH1 }));
    }
    const over = of.startAgain(45);
    expect(over).toHaveLength(4);
    expect(over).toEqual(
      expect.arrayContaining<AlarmEndRecord>([
        { step: 45, kind: 'NEVER_PREDICTED', network: 'BRANCH1', classIndex: 2 },
        { step: 45, kind: 'TAKEOVER', network: 'BRANCH1', classIndex: 0 },
        { step: 45, kind: 'DROP', network: 'BRANCH1', classIndex: null },
        { step: 45, kind: 'DIVERGING_AGREEMENT', network: null, classIndex: null },
      ]),
    );
    expect(over.map((each) => endInWords(each, CLASSES))).toContain(
      'alarm TAKEOVER of network 1, "background", is over',
    );
    expect(of.startAgain(50)).toEqual([]);
  });

  it('also those of a checkpoint whose version did not end alarms', () => {
    const first = detector({ neverPredicted: { after: 1 }, drop: {} });
    expect(counts(first, [right, allBackground])).toEqual([0, 3]);
    const { diverging: _, ...saved } = first.save();
    const of = detector({ neverPredicted: { after: 1 }, drop: {} }, saved);
    const { over } = of.judge(evaluated({ BRANCH1: right }));
    expect(over.map(({ kind, classIndex }) => [kind, classIndex])).toEqual([
      ['NEVER_PREDICTED', 1],
      ['NEVER_PREDICTED', 2],
      ['DROP', null],
    ]);
  });

  it('and the detector saves nothing that older versions do not know, unless agreement diverges', () => {
    const of = detector({ neverPredicted: { after: 1 }, drop: {}, takeover: { after: 1 } });
    for (const BRANCH1 of [right, allBackground, right]) of.judge(evaluated({ BRANCH1 }));
    expect(Object.keys(of.save())).toEqual(['agreement', 'history', 'networks']);
  });
});
