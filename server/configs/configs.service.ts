import { effectiveConfig } from '../../schema/stored-config.js';
import type { Context } from '../context.js';
import type { Dataset } from '../datasets/dataset.entity.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { ComparisonsService } from '../evaluations/comparisons.service.js';
import type { Run } from '../runs/run.entity.js';
import type { ConfigComparison } from './configs.types.js';
import { areEqual, settingDifferences } from './setting-differences.js';

/** What a run has besides its configuration; undefined or null if no runner has set it up yet. */
const FACTS: Readonly<Record<string, (run: Run, dataset: Dataset) => unknown>> = {
  'dataset.fingerprint': (_, { fingerprint }) => fingerprint,
  splitHash: ({ splitHash }) => splitHash,
  labelledImages: ({ setup }) => setup?.labelledImages,
  unlabelledImages: ({ setup }) => setup?.unlabelledImages,
  parameters: ({ setup }) => setup?.parameters,
  engine: ({ setup }) => setup?.engine,
  device: ({ setup }) => setup?.device,
};

/** Compares the configurations of runs. */
export class ConfigsService {
  constructor(
    private readonly deps: {
      comparisons: ComparisonsService;
      datasets: DatasetsService;
    },
  ) {}

  /** @throws NOT_FOUND for a run that does not exist; BAD_USER_INPUT for fewer than two or too many */
  async compare(context: Context, runIds: readonly string[]): Promise<ConfigComparison> {
    const runs = await this.deps.comparisons.runs(runIds, 2);
    const datasets = await Promise.all(runs.map(({ datasetId }) => this.deps.datasets.load(context, datasetId)));
    const { differences, equal } = settingDifferences(runs.map(({ config }) => effectiveConfig(config)));
    const facts = Object.entries(FACTS).map(([path, of]) => ({
      path,
      values: runs.map((run, index) => of(run, datasets[index]!) ?? null),
    }));
    return {
      runs,
      settings: differences,
      equalSettings: equal,
      facts: facts.filter(({ values }) => !areEqual(values)),
    };
  }
}
