import { beforeAll, describe, expect, it } from 'vitest';
import { datasetInput } from '../testing/results-fixtures.js';
import { runConfig, testServer } from '../testing/test-server.js';

const server = testServer();
const CREATE = 'mutation ($input: CreateRunInput!) { createRun(input: $input) { id } }';
const create = (changes: object) => server.send(CREATE, { input: { config: { ...runConfig(), ...changes } } });

describe('a split of more labelled images than the dataset has', () => {
  beforeAll(() =>
    server.registerRunner({ datasets: [datasetInput(), datasetInput({ name: 'more', unlabelledImages: 5 })] }),
  );

  it.each([{ method: { name: 'supervised' } }, { dataset: 'more' }, {}])('is refused: %j', async (changes) => {
    const { errors } = await create({ split: { labelledImages: 65 }, ...changes });
    expect(errors![0]!.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      problems: [
        { field: 'split.labelledImages', message: expect.stringContaining('has 64 training images, so at most') },
      ],
    });
    expect(errors![0]!.message).toContain('got 65');
    expect((await server.ask('{ runs { totalCount } }')).runs.totalCount).toBe(0);
  });
});

describe('a split that leaves no training image of train/ unlabelled', () => {
  const { trainImages } = datasetInput();

  beforeAll(async () => {
    const datasets = [datasetInput(), datasetInput({ name: 'more', unlabelledImages: 5 })];
    await server.registerRunner({ datasets });
  });

  it.each([
    [{ labelledRatio: 1 }, 'labelledRatio', 'needs a share in (0, 1); got 1'],
    [{ labelledImages: trainImages }, 'labelledImages', `needs fewer than its ${trainImages} training images; got`],
  ])('is refused where there are no others and the method needs some: %j', async (split, key, text) => {
    const { errors } = await create({ split });
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', problems: [{ field: `split.${key}` }] });
    expect(errors![0]!.message).toContain(`method "cps" trains on unlabelled images, and dataset "shapes" has none`);
    expect(errors![0]!.message).toContain(text);
    expect((await server.ask('{ runs { totalCount } }')).runs.totalCount).toBe(0);
  });

  it.each([
    { dataset: 'more', split: { labelledRatio: 1 } },
    { dataset: 'more', split: { labelledImages: trainImages } },
    { split: { labelledRatio: 1 }, method: { name: 'supervised' } },
    { split: { labelledImages: trainImages }, method: { name: 'supervised' } },
    { split: { labelledImages: trainImages - 1 } },
  ])('is taken where there are others, or none are needed: %j', async (changes) => {
    const { errors, data } = await create(changes);
    expect(errors).toBeUndefined();
    expect(data.createRun.id).toBeTruthy();
  });
});
