import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { CONFIG_VERSION, forVersion, neededVersion, withAbsentValues } from './config-version.js';
import { isObject } from './is-object.js';
import { parseRunConfig, type RunConfig, runConfigJsonSchema } from './run-config.js';
import { configForVersion, neededConfigVersion, parseStoredConfig, settingsNewerThan } from './stored-config.js';

/** A schema that has grown twice: version 2 added `clip`, `warmUp` and a kind of loss, version 3 a value of `order` and one of `sides`. */
const grown = z.strictObject({
  seed: z.int().default(0),
  clip: z.number().nullable().default(1).meta({ since: 2, absent: null }),
  training: z
    .strictObject({
      iterations: z.int().default(10),
      warmUp: z
        .strictObject({ steps: z.int().default(5) })
        .default({ steps: 5 })
        .meta({ since: 2, absent: { steps: 0 } }),
    })
    .prefault({}),
  loss: z
    .discriminatedUnion('name', [
      z.strictObject({ name: z.literal('plain') }),
      z.strictObject({ name: z.literal('focal'), gamma: z.number().default(2) }).meta({ since: 2 }),
    ])
    .default({ name: 'plain' }),
  steps: z.array(z.strictObject({ at: z.int(), by: z.number().default(1).meta({ since: 2, absent: 1 }) })).default([]),
  sides: z
    .enum(['left', 'right', 'both'])
    .default('left')
    .meta({ later: { both: 3 } }),
  order: z.union([z.enum(['random', 'fixed']), z.literal('hard first').meta({ since: 3 })]).default('random'),
});
const schema = z.toJSONSchema(grown, { io: 'input' });
/** As a server of version 1 stored it. */
const stored = {
  seed: 4,
  training: { iterations: 20 },
  loss: { name: 'plain' },
  steps: [{ at: 3 }],
  sides: 'left',
  order: 'fixed',
};
/** The same experiment, as a server of version 3 stores it. */
const complete = {
  ...stored,
  clip: null,
  training: { iterations: 20, warmUp: { steps: 0 } },
  steps: [{ at: 3, by: 1 }],
};

describe('a configuration', () => {
  it.each([
    ['no newer key', stored, 1],
    ['newer keys with their absent values', complete, 1],
    ['a newer key with another value', { ...complete, clip: 1 }, 2],
    ['a newer key with another value, further down', { ...complete, training: { warmUp: { steps: 5 } } }, 2],
    ['a newer key in a list', { ...complete, steps: [{ at: 3, by: 2 }] }, 2],
    ['a newer kind of a union', { ...complete, loss: { name: 'focal', gamma: 2 } }, 2],
    ['a newer value of a union', { ...complete, clip: 1, order: 'hard first' }, 3],
    ['a newer value of an enum', { ...complete, sides: 'both' }, 3],
    ['a value that is as old as its enum', { ...complete, sides: 'right' }, 1],
  ])('with %s needs a runner of the version of its newest part', (_, config, version) => {
    expect(neededVersion(config, schema)).toBe(version);
  });

  it('reaches an older runner without the keys that it does not know', () => {
    expect(forVersion(complete, 1, schema)).toEqual(stored);
    expect(forVersion({ ...complete, clip: 1 }, 2, schema)).toEqual({ ...complete, clip: 1 });
  });

  it('of an older version keeps its meaning: missing keys get their absent values and not their defaults', () => {
    expect(withAbsentValues(stored, schema)).toEqual(complete);
    expect(grown.parse(withAbsentValues(stored, schema))).toEqual(complete);
    expect(grown.parse(stored)).not.toEqual(complete);
  });
});

describe('the schema of configurations', () => {
  /** Every key and kind of the schema that has a version, with its path. */
  function versioned(node: unknown, path = ''): [string, Record<string, unknown>][] {
    if (Array.isArray(node)) return node.flatMap((each, i) => versioned(each, `${path}/${i}`));
    if (!isObject(node)) return [];
    const own: [string, Record<string, unknown>][] =
      'since' in node || 'absent' in node || 'later' in node ? [[path, node]] : [];
    return [...own, ...Object.entries(node).flatMap(([key, each]) => versioned(each, `${path}/${key}`))];
  }

  it('names no version after CONFIG_VERSION, and every key that has one says what its absence means', () => {
    for (const [path, { since, absent }] of versioned(runConfigJsonSchema())) {
      if (since === undefined && absent === undefined) continue;
      expect(since, path).toBeGreaterThan(1);
      expect(since, path).toBeLessThanOrEqual(CONFIG_VERSION);
      if (/\/properties\/[^/]+$/.test(path)) expect(absent, path).toBeDefined();
    }
  });

  it('names only values that an enum has as its later ones, with versions after its own', () => {
    const enums = versioned(runConfigJsonSchema()).filter(([, node]) => 'later' in node);
    expect(enums.length).toBeGreaterThan(0);
    for (const [path, { since, later, enum: values }] of enums) {
      for (const [value, version] of Object.entries(later as Record<string, number>)) {
        expect(values, path).toContain(value);
        expect(version, path).toBeGreaterThan((since as number | undefined) ?? 1);
        expect(version, path).toBeLessThanOrEqual(CONFIG_VERSION);
      }
    }
  });

  const LATER_KEYS = {
    training: ['maxHours', 'evaluateWhole', 'unlabelledOrder', 'reviewImages'],
    data: ['applyOrientation'],
    split: ['cover'],
    network: ['stem', 'classifierBias', 'normalisation', 'second'],
    augmentation: ['resize', 'padding'],
    loss: ['imagesPerGroup'],
    optimiser: ['name', 'headFactor', 'backboneFactor', 'weightDecayOn', 'warmUp', 'clipNorm'],
  };
  const INPUT = { dataset: 'd', split: { labelledRatio: 0.5 } };

  /** Whole sections that came later. */
  const LATER_SECTIONS = ['balance'];

  it('needs version 1 where no newer key is used, and reaches an older runner without those keys', () => {
    const parsed = parseRunConfig({ ...INPUT, method: { name: 'cps' } });
    if (!parsed.ok) throw new Error('the configuration is not valid');
    expect(neededConfigVersion(parsed.config)).toBe(1);
    expect(parsed.config.balance).toBeNull();
    const older: Record<string, Record<string, unknown>> = structuredClone(parsed.config) as never;
    for (const [part, keys] of Object.entries(LATER_KEYS)) {
      for (const key of keys) {
        expect(older[part]).toHaveProperty(key);
        delete older[part]![key];
      }
    }
    for (const section of LATER_SECTIONS) {
      expect(older).toHaveProperty(section);
      delete older[section];
    }
    expect(configForVersion(parsed.config, 1)).toEqual(older);
    expect(parseStoredConfig(parsed.config)).toEqual(parsed);
    expect(parseStoredConfig(older)).toEqual(parsed);
  });

  it.each([
    [2, { network: { stem: '7x7' } }],
    [3, { network: { classifierBias: 'uniform' } }],
    [3, { network: { normalisation: 'frozen' } }],
    [3, { augmentation: { resize: 'opencv' } }],
    [4, { augmentation: { resize: 'pillow' } }],
    [3, { augmentation: { scales: { from: 0.5, to: 2 } } }],
    [3, { augmentation: { padding: 'black' } }],
    [1, { augmentation: { crop: [512, 800] } }],
    [3, { augmentation: { crop: [800, 801] } }],
    [3, { augmentation: { crop: [321, 512] } }],
    [3, { training: { unlabelledOrder: 'fixed' } }],
    [3, { loss: { name: 'cross_entropy', imagesPerGroup: 2 } }],
    [3, { optimiser: { name: 'adam' } }],
    [3, { optimiser: { headFactor: 10 } }],
    [4, { balance: { weights: { name: 'inverse_log' } } }],
    [4, { balance: { losses: { dice: {} } } }],
    [4, { optimiser: { name: 'adamw' } }],
    [4, { optimiser: { warmUp: 0.1 } }],
    [4, { optimiser: { clipNorm: 1 } }],
    [4, { method: { name: 'weak_to_strong_cps' } }],
    [4, { method: { name: 'augseg' } }],
    [4, { network: { second: { backbone: 'resnet34' } } }],
    [3, { method: { name: 'mean_teacher', teacherUpdate: 'between_passes' } }],
    [3, { method: { name: 'self_training', teacher: 'best' } }],
    [3, { method: { name: 'cutmix_seg', unlabelledImages: 'all' } }],
    [3, { method: { name: 'unimatch', ignorePadding: true } }],
    [1, { balance: null }],
    [4, { balance: {} }],
    [4, { balance: { thresholds: { name: 'quota' } } }],
    [4, { balance: { sampling: {} } }],
  ])('needs version %i with %j', (version, changed) => {
    const parsed = parseRunConfig({ ...INPUT, method: { name: 'cps' }, ...changed });
    if (!parsed.ok) throw new Error('the configuration is not valid');
    expect(neededConfigVersion(parsed.config)).toBe(version);
    expect(parseStoredConfig(parsed.config)).toEqual(parsed);
  });

  it('names the settings whose values a runner does not know', () => {
    const parsed = parseRunConfig({ ...INPUT, method: { name: 'cps' }, augmentation: { crop: [321, 801] } });
    expect(parsed.ok && settingsNewerThan(parsed.config, 2)).toEqual(['augmentation.crop']);
  });

  it.each([
    ['cct', { features: 'decoder' }],
    ['gct', { updates: 'in_turn' }],
  ])('trains a stored %s as before its new settings existed, and needs version 3 for %j', (name, changed) => {
    const parsed = parseRunConfig({ ...INPUT, method: { name } });
    if (!parsed.ok) throw new Error('the configuration is not valid');
    const { method } = configForVersion(parsed.config, 2);
    for (const key of Object.keys(changed)) expect(method).not.toHaveProperty(key);
    expect(parseStoredConfig({ ...parsed.config, method })).toEqual(parsed);
    expect(neededConfigVersion(parsed.config)).toBe(1);
    const newer = { ...parsed.config, method: { ...parsed.config.method, ...changed } } as RunConfig;
    expect(neededConfigVersion(newer)).toBe(3);
  });

  it('accepts a stored configuration that later limits would refuse', () => {
    const pretrained = { source: 'w', sha256: null };
    const input = {
      dataset: 'd',
      split: { labelledRatio: 0.5 },
      method: { name: 'cps' },
      network: { width: 1, pretrained },
    };
    const parsed = parseRunConfig(input);
    if (!parsed.ok) throw new Error('the configuration is not valid');
    const narrow = { ...parsed.config, network: { ...parsed.config.network, width: 0.5 } };
    expect(parseRunConfig(narrow).ok).toBe(false);
    expect(parseStoredConfig(narrow)).toEqual({ ok: true, config: narrow });
  });

  it('has a version at every key and value that version 1 did not have', () => {
    const known = new Set(
      JSON.parse(readFileSync(join(import.meta.dirname, 'config-keys-1.json'), 'utf8')) as string[],
    );
    const added = pathsOf(runConfigJsonSchema()).filter((path) => !known.has(path));
    expect(added).toEqual([]);
    expect(known.size).toBeGreaterThan(100);
  });

  /** The paths of all keys, constants and values of enums that have no `since`, as in config-keys-1.json. */
  function pathsOf(node: Node, path = ''): string[] {
    return [
      ...(node.oneOf ?? node.anyOf ?? []).flatMap((kind) => (kind.since ? [] : pathsOf(kind, path))),
      ...[...(node.const === undefined ? [] : [node.const]), ...(node.enum ?? [])].map(
        (value) => `${path} = ${JSON.stringify(value)}`,
      ),
      ...Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
        const place = path ? `${path}.${key}` : key;
        return child.since ? [] : [place, ...pathsOf(child, place)];
      }),
      ...(node.items ? pathsOf(node.items, `${path}[]`) : []),
    ];
  }
});

interface Node {
  since?: number;
  const?: unknown;
  enum?: unknown[];
  oneOf?: Node[];
  anyOf?: Node[];
  items?: Node;
  properties?: Record<string, Node>;
}
