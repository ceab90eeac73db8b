import { beforeAll, describe, expect, it } from 'vitest';
import { networkOf } from '../../../schema/run-config.js';
import type { OpenDataset } from '../../data/dataset.js';
import { Recorder, tinyConfig, tinyEngine, tinyRun, tinyShapes } from '../../testing/tiny.js';
import { differing, traceOf, UNLIKE } from '../../testing/traces.js';
import type { RunEngine } from './branches.js';

let dataset: OpenDataset;
let engine: RunEngine;

beforeAll(async () => {
  engine = await tinyEngine();
  dataset = await tinyShapes();
});

describe('networks that differ', { timeout: 120_000 }, () => {
  it('have the layers and the numbers that each has in a run of two like it', async () => {
    // With weight 0 they learn nothing from each other.
    const method = { name: 'cps', weight: 0 } as const;
    const { losses, state } = await traceOf({ method, network: UNLIKE }, { engine, dataset });
    const { network } = tinyConfig({ method, network: UNLIKE });
    for (const branch of [1, 2] as const) {
      const twins = await traceOf({ method, network: networkOf(network, branch) }, { engine, dataset });
      const supervised = (of: typeof losses) => of.map((step) => step[branch - 1]!.parts.supervised);
      expect(supervised(losses)).toEqual(supervised(twins.losses));
      const [own, same] = [state[branch - 1]!, twins.state[branch - 1]!];
      expect(Object.keys(own)).toEqual(Object.keys(same));
      expect(differing([own], [same])).toEqual([]);
    }
    const count = state.map((each) => Object.keys(each).length);
    expect(count[1]).toBeGreaterThan(count[0]!);
  });

  it('learn from each other', async () => {
    const trace = (weight: number) =>
      traceOf({ method: { name: 'cps', weight }, network: UNLIKE }, { engine, dataset });
    const [alone, crossed] = [await trace(0), await trace(1.5)];
    for (const branch of [0, 1]) {
      const changed = differing([alone.state[branch]!], [crossed.state[branch]!]);
      expect(changed.filter((name) => name.startsWith('1/weights.backbone.layer4.')).length).toBeGreaterThan(5);
    }
  });

  it('are reported, evaluated, shown and resumed', async () => {
    const changes = {
      method: { name: 'cps_cutmix' },
      network: UNLIKE,
      training: { iterations: 4, checkpointEvery: 2, sampleEvery: 2 },
    } as const;
    const { end, tracker } = await tinyRun(changes, { on: dataset, engine });
    expect(end).toEqual({ outcome: 'completed' });
    const { parameters, secondParameters = 0 } = tracker.all('setup')[0]!;
    expect(secondParameters).toBeGreaterThan(2 * parameters);
    const written = (count: number) => count.toLocaleString('en');
    expect(tracker.lines).toContain(
      `INFO network 1: resnet18, stem deep, width 0.0625, ${written(parameters)} parameters`,
    );
    expect(tracker.lines).toContain(
      `INFO network 2: resnet34, stem d, width 0.125, ${written(secondParameters)} parameters`,
    );
    const networks = ['BRANCH1', 'BRANCH2', 'ENSEMBLE'];
    expect(new Set(tracker.all('evaluation').map(({ network }) => network))).toEqual(new Set(networks));
    expect(tracker.all('sample').map(({ kind }) => kind)).toEqual(expect.arrayContaining(networks));

    const resumeFrom = tracker.all('checkpoint').find(({ step }) => step === 2)!.file;
    const rest = await tinyRun(changes, { on: dataset, engine, resumeFrom });
    expect(rest.tracker.numbers()).toEqual(tracker.numbers().filter(({ step }) => step > 2));
    expect(rest.tracker.all('evaluation')).toEqual(tracker.all('evaluation'));
    expect(rest.tracker.all('setup')).toEqual(tracker.all('setup'));

    const swapped = { ...changes, network: { ...UNLIKE, second: { ...UNLIKE.second, stem: '7x7' as const } } };
    const refused = await tinyRun(swapped, { on: dataset, engine, resumeFrom });
    expect(refused.end).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('its configuration differs in network'),
    });
  });

  it('are not mentioned where both have the same layers', async () => {
    const { tracker } = await tinyRun(
      { training: { iterations: 1 } },
      { on: dataset, engine, tracker: new Recorder() },
    );
    expect(Object.keys(tracker.all('setup')[0]!)).not.toContain('secondParameters');
    expect(tracker.lines.join()).not.toContain('network 1:');
  });
});
