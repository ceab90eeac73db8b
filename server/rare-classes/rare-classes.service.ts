import { rareClassesOf } from '../../schema/rare-classes.js';
import { type Context, inOrder } from '../context.js';
import type { RareClassesRepository } from './rare-classes.repository.js';

/** The rare classes of datasets, by the id of the dataset: their indices, ascending. */
export type RareClasses = ReadonlyMap<string, readonly number[]>;

/**
 * Knows which classes are rare (schema/rare-classes.ts): by all training labels if a runner has counted them, otherwise by the
 * labels of the validation images, whose pixels are the rows of a confusion matrix. It is a property of the dataset, so that the
 * numbers of all runs are means over the same classes.
 */
export class RareClassesService {
  /** By the validation images. The content of a dataset with completed runs does not change. */
  private readonly byVal = new Map<string, readonly number[]>();

  constructor(
    private readonly deps: {
      repository: RareClassesRepository;
    },
  ) {}

  /** Datasets of which nothing is known are left out. @param datasetIds null for all datasets */
  async of(datasetIds: readonly string[] | null): Promise<RareClasses> {
    const counted = await this.deps.repository.inTraining(datasetIds);
    await this.readVal(counted.flatMap(({ datasetId, pixels }) => (pixels ? [] : [datasetId])));
    return new Map(
      counted.flatMap(({ datasetId, pixels }) => {
        const rare = pixels ? rareClassesOf(pixels) : this.byVal.get(datasetId);
        return rare ? [[datasetId, rare]] : [];
      }),
    );
  }

  /** Of one dataset; null if nothing is known. Batched. */
  async load({ loaders }: Context, datasetId: string): Promise<readonly number[] | null> {
    const loader = loaders.of<readonly [string, readonly number[]]>('rareClasses', async (ids) =>
      inOrder(ids, [...(await this.of(ids))], ([id]) => id),
    );
    return (await loader.load(datasetId))?.[1] ?? null;
  }

  private async readVal(datasetIds: readonly string[]): Promise<void> {
    const unknown = datasetIds.filter((id) => !this.byVal.has(id));
    if (unknown.length === 0) return;
    for (const { datasetId, pixels } of await this.deps.repository.onVal(unknown)) {
      if (pixels) this.byVal.set(datasetId, rareClassesOf(pixels));
    }
  }
}
