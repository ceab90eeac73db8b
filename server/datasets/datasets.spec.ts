import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Context } from '../context.js';
import { Loaders } from '../context.js';
import { inTransaction } from '../database/transaction.js';
import { Budget } from '../graphql/budget.js';
import type { Runner } from '../runners/runner.entity.js';
import { emptyTables } from '../testing/empty-tables.js';
import { datasetInput, insertRun, insertRunner } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import type { DatasetInput } from './datasets.inputs.js';
import { DatasetsRepository } from './datasets.repository.js';
import { DatasetsService } from './datasets.service.js';

const { dataSource } = testDatabase();
const service = new DatasetsService(new DatasetsRepository(dataSource));
const announce = (runner: Runner, ...datasets: DatasetInput[]) =>
  inTransaction(dataSource, (transaction) => service.announce(transaction, runner.id, datasets));
const context = () => ({ loaders: new Loaders(true), budget: new Budget() }) as Context;

describe('announcing datasets', () => {
  let first: Runner;
  let second: Runner;

  beforeAll(async () => {
    first = await insertRunner(dataSource, 'b-first');
    second = await insertRunner(dataSource, 'a-second');
  });

  beforeEach(() => emptyTables(dataSource, 'runs', 'datasets'));

  it('stores a dataset with numbered classes and the runners that hold it', async () => {
    await announce(first, datasetInput());
    await announce(second, datasetInput(), datasetInput({ name: 'camvid' }));
    const dataset = (await service.byName('shapes'))!;
    expect(dataset.classes).toEqual([
      { index: 0, name: 'background', color: '#000000' },
      { index: 1, name: 'disc', color: '#ff0000' },
      { index: 2, name: 'box', color: '#00ff00' },
    ]);
    expect((await service.holders(context(), dataset.id)).map(({ name }) => name)).toEqual(['a-second', 'b-first']);
    expect((await service.heldBy(context(), second.id)).map(({ name }) => name)).toEqual(['camvid', 'shapes']);
    expect(await service.names()).toEqual(['camvid', 'shapes']);
  });

  it('is found by its name or its id', async () => {
    await announce(first, datasetInput());
    const dataset = (await service.find('shapes', null))!;
    expect(await service.find(null, dataset.id)).toEqual(dataset);
    for (const id of [first.id, 'x']) expect(await service.find(null, id)).toBeNull();
    for (const [name, id] of [
      [null, null],
      ['shapes', dataset.id],
    ] as const) {
      await expect(service.find(name, id)).rejects.toThrow('dataset: give exactly one of name, id; got ');
    }
  });

  it('forgets that a runner holds a dataset, but not the dataset, when it no longer announces it', async () => {
    await announce(first, datasetInput(), datasetInput({ name: 'camvid' }));
    await announce(first, datasetInput({ name: 'camvid' }));
    expect((await service.heldBy(context(), first.id)).map(({ name }) => name)).toEqual(['camvid']);
    expect(await service.names()).toEqual(['camvid', 'shapes']);
  });

  it('rejects other content under a name that a run has used, names both fingerprints, and changes nothing', async () => {
    await announce(first, datasetInput());
    await insertRun(dataSource, (await service.byName('shapes'))!);
    const other = datasetInput({ fingerprint: 'b'.repeat(64), trainImages: 1 });
    const refused = announce(second, datasetInput({ name: 'camvid' }), other);
    await expect(refused).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(refused).rejects.toThrow(new RegExp(`${'a'.repeat(64)}.*${'b'.repeat(64)}`));
    expect(await service.byName('shapes')).toMatchObject({ fingerprint: 'a'.repeat(64), trainImages: 64 });
    expect(await service.names()).toEqual(['shapes']);
  });

  const other = datasetInput({ fingerprint: 'b'.repeat(64), trainImages: 1, unlabelledImages: 3 });
  const holdersOf = async (name: string) =>
    (await service.holders(context(), (await service.byName(name))!.id)).map((runner) => runner.name);

  it('lets the runner that announced a dataset replace it, as long as no run has used it', async () => {
    await announce(first, datasetInput());
    await announce(first, other);
    const dataset = (await service.byName('shapes'))!;
    expect(dataset).toMatchObject({ fingerprint: 'b'.repeat(64), trainImages: 1, unlabelledImages: 3 });
    expect(dataset.announcedBy).toBe(first.id);
    expect(await holdersOf('shapes')).toEqual(['b-first']);
    await insertRun(dataSource, dataset);
    await expect(announce(first, datasetInput())).rejects.toThrow('Runs have used the known one');
  });

  it('rejects other content under a name that another runner holds, and names that runner', async () => {
    await announce(first, datasetInput());
    const refused = announce(second, other);
    await expect(refused).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(refused).rejects.toThrow(/held by "b-first"\. Start the runner with another name.*transferDataset/);
    expect(await service.byName('shapes')).toMatchObject({ fingerprint: 'a'.repeat(64) });
    expect(await holdersOf('shapes')).toEqual(['b-first']);
    await announce(second, datasetInput());
    await expect(announce(first, other), 'not even the one that announced it').rejects.toThrow('held by "a-second"');
    expect(await holdersOf('shapes')).toEqual(['a-second', 'b-first']);
  });

  it.each<[string, Partial<DatasetInput>]>([
    ['classes', { classes: [{ name: 'background', color: '#000000' }] }],
    ['ignore index', { ignoreIndex: 254 }],
    ['number of training images', { trainImages: 65 }],
    ['number of images without labels', { unlabelledImages: 1 }],
    ['number of validation images', { valImages: 0 }],
    ['number of test images', { testImages: 0 }],
  ])('rejects the same fingerprint with another description: %s', async (part, changes) => {
    await announce(first, datasetInput());
    const refused = announce(second, datasetInput(changes));
    await expect(refused).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(refused).rejects.toThrow(`both have fingerprint ${'a'.repeat(64)}, but they differ in: ${part}`);
    expect(await service.byName('shapes')).toMatchObject({ ignoreIndex: 255, trainImages: 64, valImages: 16 });
    expect(await holdersOf('shapes')).toEqual(['b-first']);
  });

  const counted = (images: number) => ({
    parts: [
      {
        ...{ part: 'TRAIN', images, sizes: [{ width: 4, height: 3, images }], bits: [8], ignoredPixels: 2 ** 40 },
        classes: [7, 0, 2].map((pixels) => ({ pixels, images: 1, components: null })),
      },
    ],
    splits: [{ labelledRatio: 0.5, labelledImages: 1, classes: [7, 0, 2].map((pixels) => ({ pixels, images: 1 })) }],
    duplicates: { groups: 0, acrossSubsets: 0, near: 0 },
  });

  it('stores what a dataset holds when a runner has counted, and never forgets it for one that has not', async () => {
    const facts = async () => {
      const { id } = (await service.byName('shapes'))!;
      return service.facts(context(), id);
    };
    await announce(first, datasetInput({ facts: null }));
    expect(await facts()).toBeNull();
    // Nothing is known yet, so another runner's count helps.
    await announce(second, datasetInput({ facts: counted(2), warnings: ['found by the second'] }));
    expect(await facts()).toEqual(counted(2));
    expect((await service.byName('shapes'))!.warnings).toEqual(['found by the second']);
    await announce(first, datasetInput({ facts: counted(3), warnings: null }));
    expect(await facts()).toEqual(counted(3));
    await announce(second, datasetInput({ facts: counted(4) }));
    await announce(first, datasetInput({ facts: null, warnings: null }));
    expect(await facts()).toEqual(counted(3));
    expect((await service.byName('shapes'))!.warnings).toEqual(['found by the second']);
  });

  it.each([
    ['another shape', { ...counted(1), more: 1 }, /facts: Unrecognized key/],
    ['a number of images that no Int holds', counted(2 ** 31), /facts.parts.0.images: Too big/],
    ['a part twice', { ...counted(1), parts: [counted(1).parts[0], counted(1).parts[0]] }, /each part at most once/],
    [
      'another number of classes',
      { ...counted(1), splits: [{ ...counted(1).splits[0], classes: [] }] },
      /must count each of the 3 classes/,
    ],
  ])('refuses facts with %s', async (_, facts, message) => {
    await expect(announce(first, datasetInput({ facts }))).rejects.toThrow(message);
  });

  it('keeps what looks wrong with a dataset, as the runner that described it says at its newest start', async () => {
    await announce(first, datasetInput({ warnings: ['no training label has a pixel of disc', 'x'.repeat(2000)] }));
    const stored = async () => (await service.byName('shapes'))!.warnings;
    expect(await stored()).toEqual([
      'no training label has a pixel of disc',
      `${'x'.repeat(1000)}… (1000 more characters)`,
    ]);
    // An older version that finds less, on another machine.
    await announce(second, datasetInput());
    expect(await stored()).toHaveLength(2);
    await announce(first, datasetInput({ warnings: ['3 images with an EXIF orientation tag'] }));
    expect(await stored()).toEqual(['3 images with an EXIF orientation tag']);
    await expect(announce(first, datasetInput({ warnings: new Array(101).fill('w') }))).rejects.toThrow(
      'must have at most 100 entries; got 101',
    );
  });

  it('lets any runner replace a dataset that nobody announces any more', async () => {
    await announce(first, datasetInput());
    await announce(first);
    await announce(second, other);
    expect(await service.byName('shapes')).toMatchObject({ fingerprint: 'b'.repeat(64), announcedBy: second.id });
  });

  it('transfers a dataset to a runner, which replaces it at its next start', async () => {
    await announce(first, datasetInput());
    await service.transfer('shapes', second.id);
    expect(await holdersOf('shapes')).toEqual([]);
    const third = datasetInput({ fingerprint: 'c'.repeat(64) });
    await expect(announce(first, third)).rejects.toThrow('transferred it to another runner');
    await announce(second, other);
    expect(await service.byName('shapes')).toMatchObject({ fingerprint: 'b'.repeat(64), announcedBy: second.id });
    await expect(announce(first, datasetInput())).rejects.toThrow('held by "a-second"');
  });

  it('does not transfer a dataset that a run has used, an unknown one, or one to an unknown runner', async () => {
    await announce(first, datasetInput());
    const nobody = crypto.randomUUID();
    await expect(service.transfer('shapes', nobody)).rejects.toThrow(`there is no runner "${nobody}"`);
    await expect(service.transfer('shapes', 'x')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(service.transfer('nothing', second.id)).rejects.toThrow('there is no dataset "nothing"');
    await insertRun(dataSource, (await service.byName('shapes'))!);
    await expect(service.transfer('shapes', second.id)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await holdersOf('shapes')).toEqual(['b-first']);
  });

  it('rejects the same name twice', async () => {
    const refused = announce(first, datasetInput(), datasetInput({ fingerprint: 'b'.repeat(64) }));
    await expect(refused).rejects.toThrow('dataset "shapes" is announced twice');
    expect(await service.names()).toEqual([]);
  });

  it('accepts the same datasets from many runners at once', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const runners = await Promise.all(names.map((name) => insertRunner(dataSource, name)));
    const inputs = names.map((name) => datasetInput({ name }));
    await Promise.all(
      runners.map((runner, index) => announce(runner, ...inputs.slice(index), ...inputs.slice(0, index))),
    );
    for (const name of names) {
      expect(await service.holders(context(), (await service.byName(name))!.id)).toHaveLength(4);
    }
  });

  it.each([
    [
      'an invalid colour',
      { classes: [{ name: 'sky', color: 'blue' }] },
      'classes.0.color: must have the form #rrggbb; got "blue"',
    ],
    [
      'two classes with the same name',
      { classes: [1, 2].map(() => ({ name: 'sky', color: '#000000' })) },
      'classes.1.name',
    ],
    ['no classes', { classes: [] }, 'classes: must have 1 to 255 entries; got 0'],
    [
      'an ignore index that is not a label value',
      { ignoreIndex: 256 },
      'ignoreIndex: must be between 0 and 255; got 256',
    ],
    ['a negative size', { valImages: -1 }, 'valImages: must be at least 0; got -1'],
    ['no name', { name: ' ' }, 'name: must have 1 to 128 printable characters'],
  ])('rejects %s', async (_, changes, message) => {
    const refused = announce(first, datasetInput(changes));
    await expect(refused).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(refused).rejects.toThrow(message);
    expect(await service.names()).toEqual([]);
  });
});
