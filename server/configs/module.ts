import type { AttemptsService } from '../attempts/attempts.service.js';
import { type Base, createModule } from '../create-module.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { ComparisonsService } from '../evaluations/comparisons.service.js';
import { ConfigsResolver } from './configs.resolver.js';
import { ConfigsService } from './configs.service.js';

interface Needs extends Base {
  attempts: AttemptsService;
  comparisons: ComparisonsService;
  datasets: DatasetsService;
}

export const configsModule = createModule({
  create: ({ attempts, comparisons, datasets }: Needs) => ({
    configs: new ConfigsService({ attempts, comparisons, datasets }),
  }),
  resolvers: [ConfigsResolver],
});
