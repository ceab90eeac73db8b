import { describe, expect, it } from 'vitest';
import { parseRunConfig, type RunConfigInput, runConfigJsonSchema } from './run-config.js';

const NO_DECODERS = { dropout: 0, cutout: 0, contextMask: 0, objectMask: 0, featureDrop: 0, featureNoise: 0 };

const minimal: RunConfigInput = { dataset: 'shapes', split: { labelledRatio: 0.125 }, method: { name: 'cps' } };

function problemsOf(input: unknown) {
  const result = parseRunConfig(input);
  return result.ok ? [] : result.problems;
}

describe('parseRunConfig', () => {
  it('completes a minimal configuration with every default', () => {
    const result = parseRunConfig(minimal);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    expect(result.config.method).toEqual({ name: 'cps', weight: 1.5, rampUp: 0, on: 'both' });
    expect(result.config.training.iterations).toBe(1000);
    expect(parseRunConfig(result.config), 'a completed configuration is complete').toEqual(result);
  });

  it.each([0, -0.5, 1.0001, 2])('refuses the labelled ratio %d, naming field, value and range', (labelledRatio) => {
    const [problem] = problemsOf({ ...minimal, split: { labelledRatio } });
    expect(problem?.field).toBe('split.labelledRatio');
    expect(problem?.message).toContain(`got ${labelledRatio}`);
    expect(problem?.message).toMatch(/>0|<=1/);
  });

  it.each([{ name: 'supervised' }, { name: 'cps' }])(
    'accepts the labelled ratio 1 for %j, because a dataset can have images without labels',
    (method) => {
      expect(problemsOf({ ...minimal, method, split: { labelledRatio: 1 } })).toEqual([]);
    },
  );

  it.each([
    [{ labelledImages: 22 }, { labelledImages: 22, seed: 0, cover: false }],
    [
      { labelledRatio: 0.5, cover: true },
      { labelledRatio: 0.5, seed: 0, cover: true },
    ],
    [{ labelledList: 'labelled.txt' }, { labelledList: 'labelled.txt', unlabelledList: null }],
    [
      { labelledList: '/lists/l.txt', unlabelledList: 'u.txt' },
      { labelledList: '/lists/l.txt', unlabelledList: 'u.txt' },
    ],
  ])('accepts the split %j', (split, completed) => {
    const result = parseRunConfig({ ...minimal, split });
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    expect(result.config.split).toEqual(completed);
    expect(parseRunConfig(result.config)).toEqual(result);
  });

  it.each([
    [{ labelledImages: 0 }, 'split.labelledImages', 'got 0'],
    [{ labelledImages: 2.5 }, 'split.labelledImages', 'got 2.5'],
    [{ labelledImages: 2, sed: 1 }, 'split.sed', 'unknown key "sed"; allowed here: labelledImages, seed'],
    [{ labelledList: '' }, 'split.labelledList', 'got ""'],
    [{ labelledList: 'a.txt', unlabelledList: 3 }, 'split.unlabelledList', 'got 3'],
    [{ labelledList: 'a.txt', seed: 3 }, 'split.seed', 'allowed here: labelledList, unlabelledList'],
    [{ seed: 3 }, 'split', 'needs exactly one of labelledRatio, labelledImages, labelledList; got {"seed":3}'],
    [{ labelledRatio: 0.5, labelledImages: 2 }, 'split', 'exactly one of'],
    ['1/8', 'split', 'needs exactly one of labelledRatio, labelledImages, labelledList; got "1/8"'],
    [[], 'split', 'needs exactly one of labelledRatio, labelledImages, labelledList; got []'],
    [null, 'split', 'needs exactly one of labelledRatio, labelledImages, labelledList; got null'],
    [undefined, 'split', 'needs exactly one of labelledRatio, labelledImages, labelledList; nothing was given'],
  ])('refuses the split %j, naming field, value and what is allowed', (split, field, text) => {
    const [problem] = problemsOf({ ...minimal, split });
    expect(problem?.field).toBe(field);
    expect(problem?.message).toContain(text);
  });

  it.each([
    [{ method: { name: 'gct', detectorChannels: 5 } }, 'method.detectorChannels', 'multiple of 2'],
    [{ method: { name: 'gct' }, augmentation: { crop: [32, 64] } }, 'augmentation.crop', 'at least 64 pixels'],
    [{ method: { name: 'cct', decoders: NO_DECODERS } }, 'method.decoders', 'at least one decoder is needed'],
    [{ method: { name: 'self_training', firstRound: 1 } }, 'method.firstRound', 'got 1'],
    [{ method: { name: 'unimatch', confidence: 2 } }, 'method.confidence', 'got 2'],
  ])('refuses settings that a method cannot work with, naming the field: %j', (changes, field, text) => {
    const problems = problemsOf({ ...minimal, ...changes });
    expect(problems.map((problem) => problem.field)).toEqual([field]);
    expect(problems[0]!.message).toContain(text);
  });

  it('refuses an unknown method and lists all methods', () => {
    const [problem] = problemsOf({ ...minimal, method: { name: 'magic' } });
    expect(problem?.field).toBe('method.name');
    expect(problem?.message).toMatch(/^got "magic"; allowed: supervised, cps, cps_cutmix, /);
  });

  it.each([
    [{ ...minimal, iterations: 5 }, 'iterations', 'dataset, data, split, method'],
    [{ ...minimal, training: { iteration: 5 } }, 'training.iteration', 'iterations'],
    [{ ...minimal, method: { name: 'supervised', weight: 1 } }, 'method.weight', 'allowed here: name'],
  ])('refuses an unknown key and lists those allowed there: %j', (input, field, allowed) => {
    const [problem] = problemsOf(input);
    expect(problem?.field).toBe(field);
    expect(problem?.message).toContain('unknown key');
    expect(problem?.message).toContain(allowed);
  });

  it.each([
    '/data/resnet50_v1c.safetensors',
    'C:\\weights\\r50.safetensors',
    'https://example.org/r50.safetensors?v=1',
  ])('accepts pretrained weights from %s', (source) => {
    const result = parseRunConfig({ ...minimal, network: { backbone: 'resnet101', width: 1, pretrained: { source } } });
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    expect(result.config.network).toMatchObject({ backbone: 'resnet101', pretrained: { source, sha256: null } });
  });

  it.each([
    [{ source: '' }, 'network.pretrained.source', 'an absolute path on the runner'],
    [{ source: '../w.safetensors' }, 'network.pretrained.source', "a file in a runner's weights folder"],
    [{ source: 'a/../../w' }, 'network.pretrained.source', "a file in a runner's weights folder"],
    [{ source: 'a//w' }, 'network.pretrained.source', "a file in a runner's weights folder"],
    [{ source: '/w\0' }, 'network.pretrained.source', 'an absolute path on the runner'],
    [{ source: 'file:///w' }, 'network.pretrained.source', 'http(s) address'],
    [{ source: 'https://me:secret@example.org/w' }, 'network.pretrained.source', 'without credentials'],
    [{ source: 'ftp://example.org/w' }, 'network.pretrained.source', 'http(s) address'],
    [{ source: '/w', sha256: 'ABC' }, 'network.pretrained.sha256', '64 lowercase hex digits'],
    [{ source: '/w', sha: 'a' }, 'network.pretrained.sha', 'allowed here: source, sha256'],
    ['/w', 'network.pretrained', 'got "/w"'],
  ])('refuses the pretrained weights %j with what is wrong', (pretrained, field, why) => {
    const [problem] = problemsOf({ ...minimal, network: { width: 1, pretrained } });
    expect(problem?.field).toBe(field);
    expect(problem?.message).toContain(why);
  });

  it.each([
    [{ width: 0.5 }, '; got 0.5'],
    [{}, '; nothing was given'],
  ])('refuses pretrained weights for a narrow network, with the reason: %j', (width, given) => {
    const network = { ...width, pretrained: { source: 'w' } };
    expect(problemsOf({ ...minimal, network })).toMatchObject([
      { field: 'network.width', message: expect.stringMatching(/^pretrained weights need width 1 .*public files/) },
    ]);
    expect(problemsOf({ ...minimal, network })[0]!.message).toContain(given);
  });

  it('has a deep stem unless another one is given, and lists all stems', () => {
    expect(parseRunConfig(minimal)).toMatchObject({ ok: true, config: { network: { stem: 'deep' } } });
    const [problem] = problemsOf({ ...minimal, network: { stem: '3x3' } });
    expect(problem?.field).toBe('network.stem');
    expect(problem?.message).toMatch(/deep.*7x7.*d.*got "3x3"/);
  });

  it('refuses an unknown backbone and lists all backbones', () => {
    const [problem] = problemsOf({ ...minimal, network: { backbone: 'resnet152' } });
    expect(problem?.field).toBe('network.backbone');
    expect(problem?.message).toMatch(/resnet18.*resnet34.*resnet50.*resnet101.*got "resnet152"/);
  });

  it('refuses an invalid output stride and lists the valid ones', () => {
    expect(problemsOf({ ...minimal, network: { outputStride: 4 } })).toMatchObject([
      { field: 'network.outputStride', message: expect.stringMatching(/8\|16; got 4$/) },
    ]);
  });

  it("has the authors' settings of OHEM as defaults, and refuses an unknown loss", () => {
    const result = parseRunConfig({ ...minimal, loss: { name: 'ohem' } });
    expect(result.ok && result.config.loss).toEqual({
      name: 'ohem',
      threshold: 0.7,
      keep: 50_000,
      imagesPerGroup: null,
    });
    const [unknown] = problemsOf({ ...minimal, loss: { name: 'focal' } });
    expect(unknown).toEqual({
      field: 'loss.name',
      message: 'got "focal"; allowed: cross_entropy, ohem',
      reason: 'UNKNOWN_KIND',
      params: { allowed: ['cross_entropy', 'ohem'], value: '"focal"' },
    });
    expect(problemsOf({ ...minimal, loss: { name: 'ohem', kept: 1 } })).toEqual([
      {
        field: 'loss.kept',
        message: 'unknown key "kept"; allowed here: name, threshold, keep, imagesPerGroup',
        reason: 'UNKNOWN_KEY',
        params: { key: 'kept', allowed: ['name', 'threshold', 'keep', 'imagesPerGroup'] },
      },
    ]);
  });

  it('needs groups of equal size for the loss', () => {
    const grouped = (imagesPerGroup: number, batchLabelled: number) =>
      problemsOf({ ...minimal, loss: { name: 'cross_entropy', imagesPerGroup }, training: { batchLabelled } });
    expect([grouped(2, 8), grouped(1, 3), grouped(4, 4)]).toEqual([[], [], []]);
    const field = 'loss.imagesPerGroup';
    expect(grouped(3, 8)).toMatchObject([{ field, message: 'must divide training.batchLabelled, 8; got 3' }]);
    expect(grouped(8, 4)).toMatchObject([{ field, reason: 'GROUPS_UNEQUAL', params: { batch: 4, value: '8' } }]);
  });

  it('balances nothing unless asked, and then has the settings of docs/balance.md as defaults', () => {
    const balanceOf = (balance: unknown) => {
      const result = parseRunConfig({ ...minimal, balance });
      return result.ok ? result.config.balance : result.problems;
    };
    expect(balanceOf(undefined)).toBeNull();
    expect(balanceOf({})).toMatchObject({ sampling: null });
    expect(balanceOf({ sampling: {} })).toMatchObject({
      sampling: { share: 0.5, temperature: 0.01, minimumPixels: 0.0057, attempts: 10 },
    });
  });

  it.each([
    [{ share: 0 }, 'share', '>0; got 0'],
    [{ share: 1.1 }, 'share', '<=1; got 1.1'],
    [{ temperature: 0 }, 'temperature', '>=0.0001; got 0'],
    [{ minimumPixels: 3000 }, 'minimumPixels', '<=1; got 3000'],
    [{ attempts: 0 }, 'attempts', '>=1; got 0'],
    [{ classes: [] }, 'classes', 'allowed here: share, temperature, minimumPixels, attempts'],
  ])('refuses the sampling %j with what is wrong', (sampling, key, text) => {
    const problems = problemsOf({ ...minimal, balance: { sampling } });
    expect(problems.map((problem) => problem.field)).toEqual([`balance.sampling.${key}`]);
    expect(problems[0]!.message).toContain(text);
  });

  it('takes a share or a number of iterations as warm-up, fewer than all', () => {
    const warmed = (warmUp: number) => problemsOf({ ...minimal, optimiser: { warmUp }, training: { iterations: 100 } });
    expect([0, 0.05, 1, 99].flatMap(warmed)).toEqual([]);
    const field = 'optimiser.warmUp';
    expect(warmed(1.5)).toMatchObject([
      { field, message: 'must be a share of the iterations (below 1) or a whole number of them; got 1.5' },
    ]);
    expect(warmed(100)).toMatchObject([
      { field, message: 'must be less than the iterations of each round, 100; got 100' },
    ]);
    const twoRounds = { ...minimal, method: { name: 'self_training', firstRound: 0.1 }, training: { iterations: 100 } };
    expect(problemsOf({ ...twoRounds, optimiser: { warmUp: 9 } })).toEqual([]);
    expect(problemsOf({ ...twoRounds, optimiser: { warmUp: 10 } })).toMatchObject([
      { field, params: { iterations: 10 } },
    ]);
    expect(warmed(-0.1)).toMatchObject([{ field, reason: 'TOO_SMALL' }]);
  });

  it.each([
    [{ from: 2, to: 0.5 }, 'augmentation.scales', '`from` must not exceed `to`; got {"from":2,"to":0.5}'],
    [{ from: 0.1, to: 2 }, 'augmentation.scales.from', '>=0.25; got 0.1'],
    [{ from: 0.5 }, 'augmentation.scales.to', 'nothing was given'],
    [{ from: 0.5, to: 2, by: 1 }, 'augmentation.scales.by', 'allowed here: from, to'],
    [[0.5, 9], 'augmentation.scales.1', '<=4; got 9'],
    [[], 'augmentation.scales', 'got []'],
    [2, 'augmentation.scales', 'expected array, received number; got 2'],
  ])('refuses the scales %j with what is wrong', (scales, field, text) => {
    const problems = problemsOf({ ...minimal, augmentation: { scales } });
    expect(problems.map((problem) => problem.field)).toEqual([field]);
    expect(problems[0]!.message).toContain(text);
  });

  it('names every problem at once', () => {
    const fields = problemsOf({ dataset: '', split: {}, method: { name: 'cps', weight: -1 } }).map((p) => p.field);
    expect(fields).toEqual(['dataset', 'split', 'method.weight']);
  });

  it.each([null, 3, 'shapes', []])('refuses %j, which is not a configuration', (input) => {
    expect(problemsOf(input)).toHaveLength(1);
  });
});

describe('runConfigJsonSchema', () => {
  it('marks what a user must write and gives the defaults of the rest', () => {
    const schema = runConfigJsonSchema() as { required: string[]; properties: Record<string, { default?: unknown }> };
    expect(schema.required.sort()).toEqual(['dataset', 'method', 'split']);
    expect(schema.properties.seed?.default).toBe(0);
  });
});
