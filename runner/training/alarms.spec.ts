import { describe, expect, it } from 'vitest';
import {
  allBackground,
  confusion,
  detector,
  evaluated,
  half,
  halfOfIou,
  judgedTogether,
  labels,
  noBox,
  right,
} from '../testing/evaluations.js';
import type { AlarmDetector } from './alarms.js';
import type { Confusion } from './confusion.js';

/** The number of alarms that each of these evaluations of network 1 raises. */
const counts = (of: AlarmDetector, sequence: Confusion[]) =>
  sequence.map((BRANCH1) => of.judge(evaluated({ BRANCH1 })).raised.length);

describe('a class that is never predicted', () => {
  it('raises one alarm after enough evaluations in a row, and another after it has been predicted again', () => {
    const of = detector({ neverPredicted: { after: 3 } });
    const sequence = [noBox, noBox, right, noBox, noBox, noBox, noBox, noBox, right, noBox, noBox, noBox];
    expect(counts(of, sequence)).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
  });

  it('is named in the message, with the network and how often the class occurs', () => {
    const of = detector({ neverPredicted: { after: 1 } });
    const { step, ...rest } = evaluated({ BRANCH1: right, BRANCH2: noBox, ENSEMBLE: allBackground });
    expect(of.judge({ step, ...rest }).raised).toEqual([
      {
        step,
        kind: 'NEVER_PREDICTED',
        network: 'BRANCH2',
        classIndex: 2,
        message: 'network 2 never predicts "box" on the validation images, where it covers 10.0 % of the pixels',
      },
    ]);
  });

  it('raises no alarm if the class does not occur in the truth either', () => {
    const of = detector({ neverPredicted: { after: 1 } });
    expect(counts(of, [half(50), half(50)])).toEqual([0, 0]);
  });
});

describe('a class that takes over', () => {
  const rule = { takeover: { remaining: 0.25, after: 2 } };

  it('is found by comparing the pseudo-labels with the labelled pixels, if there are pseudo-labels', () => {
    const of = detector(rule);
    // The other classes are 30 % of the labelled pixels; a quarter of that is 7.5 %.
    const judge = (pseudo: number[]) => of.judge(evaluated({ BRANCH1: right }, [labels(pseudo)])).raised;
    expect(
      [
        [930, 70, 0],
        [920, 80, 0],
        [930, 40, 30],
      ].map((pseudo) => judge(pseudo).length),
    ).toEqual([0, 0, 0]);
    expect(judge([990, 6, 4])).toMatchObject([
      {
        kind: 'TAKEOVER',
        network: 'BRANCH1',
        classIndex: 0,
        message:
          '"background" makes up 99.0 % of the pseudo-labels of network 1, but only 70.0 % of the labelled pixels, in 2 evaluations in a row',
      },
    ]);
    expect(judge([1000, 0, 0])).toEqual([]);
  });

  it('is found in the predictions if there are no pseudo-labels', () => {
    const of = detector(rule);
    expect(counts(of, [allBackground, right, allBackground])).toEqual([0, 0, 0]);
    const [alarm] = of.judge(evaluated({ BRANCH1: allBackground })).raised;
    expect(alarm).toMatchObject({
      kind: 'TAKEOVER',
      message:
        '"background" makes up 100.0 % of the predictions of network 1 on the validation images, but only 70.0 % of their labels, in 2 evaluations in a row',
    });
  });

  it('need not be the most frequent class of the truth', () => {
    const of = detector({ takeover: { after: 1 } });
    expect(of.judge(evaluated({}, [labels([10, 980, 10])])).raised).toMatchObject([{ classIndex: 1 }]);
  });

  it('raises no alarm if the labels have only this class, or if there is nothing to count', () => {
    const of = detector({ takeover: { after: 1 } });
    const nothing = { raised: [], over: [] };
    expect(of.judge(evaluated({}, [labels([1000, 0, 0], [1000, 0, 0])]))).toEqual(nothing);
    expect(of.judge(evaluated({}, [labels([0, 0, 0])]))).toEqual(nothing);
    expect(of.judge(evaluated({}, [labels([1000, 0, 0], [0, 0, 0])]))).toEqual(nothing);
    expect(of.judge(evaluated({}))).toEqual(nothing);
  });
});

describe('mIoU below its peak', () => {
  it('raises one alarm when it falls more than the allowed points, and another after a new peak', () => {
    const of = detector({ drop: { points: 10 } });
    const ious = [0.5, 0.6, 0.51, 0.495, 0.2, 0.55, 0.61, 0.52, 0.5];
    expect(counts(of, ious.map(halfOfIou))).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 1]);
  });

  it('is reported with both values', () => {
    const of = detector({ drop: { points: 10 } });
    const BRANCH2 = halfOfIou(0.6);
    of.judge(evaluated({ BRANCH2 }));
    expect(of.judge(evaluated({ BRANCH2: halfOfIou(0.3) })).raised).toMatchObject([
      {
        kind: 'DROP',
        network: 'BRANCH2',
        classIndex: null,
        message: 'mIoU of network 2 has fallen from 60.0 % to 30.0 %',
      },
    ]);
  });

  it('skips an evaluation in which no class occurs', () => {
    const of = detector({ drop: { points: 10 } });
    const nothing = confusion([0, 0, 0], [0, 0, 0], [0, 0, 0]);
    expect(counts(of, [nothing, halfOfIou(0.6), nothing, halfOfIou(0.3)])).toEqual([0, 0, 0, 1]);
  });
});

describe('agreement that rises while mIoU falls', () => {
  const rule = { divergingAgreement: { over: 2, rise: 2, fall: 2 } };

  const raised = (...args: Parameters<typeof judgedTogether>) => judgedTogether(...args).map((each) => each.raised);

  it('raises an alarm when both have changed enough over the given number of evaluations', () => {
    const alarms = raised(detector(rule), [
      [0.7, 0.5],
      [0.9, 0.48],
      [0.71, 0.4],
      [0.93, 0.47],
      [0.95, 0.35],
    ]);
    expect(alarms.map(({ length }) => length)).toEqual([0, 0, 0, 0, 1]);
    expect(alarms[4]).toMatchObject([
      {
        kind: 'DIVERGING_AGREEMENT',
        network: null,
        classIndex: null,
        message:
          'agreement of the networks rose from 71.0 % to 95.0 % while their mIoU fell from 40.0 % to 35.0 %, over 2 evaluations',
      },
    ]);
  });

  it('is compared with the last reported evaluation from then on', () => {
    const alarms = raised(detector(rule), [
      [0.5, 0.6],
      [0.6, 0.5],
      [0.7, 0.4],
      [0.75, 0.35],
      [0.8, 0.3],
      [0.81, 0.29],
    ]);
    expect(alarms.map(({ length }) => length)).toEqual([0, 0, 1, 0, 1, 0]);
  });

  it('raises no alarm for a method without agreement, or if mIoU rises too', () => {
    const of = detector(rule);
    expect(counts(of, [0.6, 0.5, 0.4, 0.3].map(halfOfIou))).toEqual([0, 0, 0, 0]);
    const alarms = raised(detector(rule), [
      [0.5, 0.3],
      [0.6, 0.4],
      [0.7, 0.5],
    ]);
    expect(alarms.flat()).toEqual([]);
  });
});

describe('a detector', () => {
  it('continues from its saved state as if it had never stopped', () => {
    const rules = { neverPredicted: { after: 2 }, takeover: { after: 2 }, drop: {}, divergingAgreement: { over: 1 } };
    const history = [right, noBox, allBackground, noBox, allBackground, allBackground, right, noBox, noBox];
    const play = (of: AlarmDetector, from: number, until: number) =>
      history.slice(from, until).map((BRANCH1, i) => {
        of.agreed(0.5 + 0.05 * (from + i));
        return of.judge({ step: from + i, confusions: new Map([['BRANCH1', BRANCH1]]), pseudoLabels: [] });
      });
    const whole = play(detector(rules), 0, history.length);
    for (const what of ['raised', 'over'] as const) {
      expect(whole.flatMap((each) => each[what]).map(({ kind }) => kind)).toEqual(
        expect.arrayContaining(['NEVER_PREDICTED', 'TAKEOVER', 'DROP', 'DIVERGING_AGREEMENT']),
      );
    }
    for (let cut = 1; cut < history.length; cut++) {
      const first = detector(rules);
      const before = play(first, 0, cut);
      const saved = JSON.parse(JSON.stringify(first.save()));
      expect([...before, ...play(detector(rules, saved), cut, history.length)]).toEqual(whole);
    }
  });

  it('forgets earlier evaluations when the networks restart', () => {
    const of = detector({ drop: { points: 10 }, neverPredicted: { after: 2 } });
    expect(counts(of, [halfOfIou(0.6), noBox])).toEqual([0, 0]);
    expect(of.startAgain(30)).toEqual([]);
    expect(counts(of, [halfOfIou(0.3), noBox])).toEqual([0, 0]);
  });

  it('raises nothing with every rule off', () => {
    expect(counts(detector({}), [right, allBackground, allBackground])).toEqual([0, 0, 0]);
  });
});
