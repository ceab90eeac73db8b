import { beforeAll, describe, expect, it } from 'vitest';
import { datasetInput } from '../testing/results-fixtures.js';
import { runConfig, testServer } from '../testing/test-server.js';

const server = testServer();
const CREATE = 'mutation ($input: CreateRunInput!) { createRun(input: $input) { id } }';
const create = (changes: object) => server.send(CREATE, { input: { config: { ...runConfig(), ...changes } } });

describe('a split with more labelled images than the dataset has', () => {
  beforeAll(() =>
    server.registerRunner({ datasets: [datasetInput(), datasetInput({ name: 'more', unlabelledImages: 5 })] }),
  );

  it.each([{ method: { name: 'supervised' } }, { dataset: 'more' }, {}])('is rejected: %j', async (changes) => {
    const { errors } = await create({ split: { labelledImages: 65 }, ...changes });
    expect(errors![0]!.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      problems: [
        {
          field: 'split.labelledImages',
          message: expect.stringContaining('must be at most 64, the number of training images'),
        },
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
    [{ labelledRatio: 1 }, 'labelledRatio', 'must be less than 1'],
    [{ labelledImages: trainImages }, 'labelledImages', `must be less than ${trainImages}`],
  ])('is rejected if there are no others and the method needs some: %j', async (split, key, text) => {
    const { errors } = await create({ split });
    expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', problems: [{ field: `split.${key}` }] });
    expect(errors![0]!.message).toContain(
      `method "cps" needs unlabelled images, and all training images of dataset "shapes" have labels`,
    );
    expect(errors![0]!.message).toContain(text);
    expect((await server.ask('{ runs { totalCount } }')).runs.totalCount).toBe(0);
  });

  it.each([
    { dataset: 'more', split: { labelledRatio: 1 } },
    { dataset: 'more', split: { labelledImages: trainImages } },
    { split: { labelledRatio: 1 }, method: { name: 'supervised' } },
    { split: { labelledRatio: 1 }, method: { name: 'cutmix_seg', unlabelledImages: 'all' } },
    { split: { labelledImages: trainImages }, method: { name: 'supervised' } },
    { split: { labelledImages: trainImages - 1 } },
  ])('is accepted if there are others, or none are needed: %j', async (changes) => {
    const { errors, data } = await create(changes);
    expect(errors).toBeUndefined();
    expect(data.createRun.id).toBeTruthy();
  });
});
