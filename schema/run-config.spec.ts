import { describe, expect, it } from 'vitest';
import { parseRunConfig, type RunConfigInput, runConfigJsonSchema } from './run-config.js';

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

  it.each([{ name: 'supervised' }, { name: 'cps', on: 'labelled' }])(
    'accepts the labelled ratio 1 for %j',
    (method) => {
      expect(problemsOf({ ...minimal, method, split: { labelledRatio: 1 } })).toEqual([]);
    },
  );

  it.each([{ name: 'cps' }, { name: 'cps', on: 'unlabelled' }, { name: 'cps_cutmix' }])(
    'refuses the labelled ratio 1, which leaves nothing unlabelled, for %j',
    (method) => {
      expect(problemsOf({ ...minimal, method, split: { labelledRatio: 1 } })).toEqual([
        {
          field: 'split.labelledRatio',
          message: `method "${method.name}" trains on unlabelled images and needs a share in (0, 1); got 1`,
        },
      ]);
      expect(problemsOf({ ...minimal, method, split: { labelledRatio: 0.99 } })).toEqual([]);
    },
  );

  it('refuses an unknown method and lists those there are', () => {
    expect(problemsOf({ ...minimal, method: { name: 'magic' } })).toEqual([
      { field: 'method.name', message: 'got "magic"; allowed: supervised, cps, cps_cutmix' },
    ]);
  });

  it.each([
    [{ ...minimal, iterations: 5 }, 'iterations', 'dataset, split, method'],
    [{ ...minimal, training: { iteration: 5 } }, 'training.iteration', 'iterations'],
    [{ ...minimal, method: { name: 'supervised', weight: 1 } }, 'method.weight', 'allowed here: name'],
  ])('refuses an unknown key and lists those allowed there: %j', (input, field, allowed) => {
    const [problem] = problemsOf(input);
    expect(problem?.field).toBe(field);
    expect(problem?.message).toContain('unknown key');
    expect(problem?.message).toContain(allowed);
  });

  it('names every problem at once', () => {
    const fields = problemsOf({ dataset: '', split: {}, method: { name: 'cps', weight: -1 } }).map((p) => p.field);
    expect(fields).toEqual(['dataset', 'split.labelledRatio', 'method.weight']);
  });

  it.each([null, 3, 'shapes', []])('refuses %j, which is no configuration', (input) => {
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
