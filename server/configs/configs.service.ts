import { effectiveConfig } from '../../schema/stored-config.js';
import type { Attempt } from '../attempts/attempt.entity.js';
import type { AttemptsService } from '../attempts/attempts.service.js';
import type { Context } from '../context.js';
import type { Dataset } from '../datasets/dataset.entity.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { ComparisonsService } from '../evaluations/comparisons.service.js';
import type { Run } from '../runs/run.entity.js';
import type { ConfigComparison } from './configs.types.js';
import { areEqual, settingDifferences } from './setting-differences.js';

interface Found {
  run: Run;
  dataset: Dataset;
  /** The newest one, if there is any. */
  attempt: Attempt | undefined;
}

/** What a run has besides its configuration; undefined or null if no runner has set it up or claimed it yet. */
const FACTS: Readonly<Record<string, (found: Found) => unknown>> = {
  'dataset.fingerprint': ({ dataset }) => dataset.fingerprint,
  splitHash: ({ run }) => run.splitHash,
  labelledImages: ({ run }) => run.setup?.labelledImages,
  unlabelledImages: ({ run }) => run.setup?.unlabelledImages,
  parameters: ({ run }) => run.setup?.parameters,
  engine: ({ run }) => run.setup?.engine,
  device: ({ run }) => run.setup?.device,
  version: ({ attempt }) => attempt?.version,
  commit: ({ attempt }) => attempt?.commit,
};

/** Compares the configurations of runs. */
export class ConfigsService {
  constructor(
    private readonly deps: {
      attempts: AttemptsService;
      comparisons: ComparisonsService;
      datasets: DatasetsService;
    },
  ) {}

  /** @throws NOT_FOUND for a run that does not exist; BAD_USER_INPUT for fewer than two or too many */
  async compare(context: Context, runIds: readonly string[]): Promise<ConfigComparison> {
    const runs = await this.deps.comparisons.runs(runIds, 2);
    const found = await Promise.all(runs.map((run) => this.find(context, run)));
    const { differences, equal } = settingDifferences(runs.map(({ config }) => effectiveConfig(config)));
    const facts = Object.entries(FACTS).map(([path, of]) => ({
      path,
      values: found.map((each) => of(each) ?? null),
    }));
    return {
      runs,
      settings: differences,
      equalSettings: equal,
      facts: facts.filter(({ values }) => !areEqual(values)),
    };
  }

  private async find(context: Context, run: Run): Promise<Found> {
    const [dataset, attempts] = await Promise.all([
      this.deps.datasets.load(context, run.datasetId),
      this.deps.attempts.ofRun(context, run.id),
    ]);
    return { run, dataset: dataset!, attempt: attempts.at(-1) };
  }
}
