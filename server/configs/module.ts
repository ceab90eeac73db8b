import { type Base, createModule } from '../create-module.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { ComparisonsService } from '../evaluations/comparisons.service.js';
import { ConfigsResolver } from './configs.resolver.js';
import { ConfigsService } from './configs.service.js';

export const configsModule = createModule({
  create: ({ comparisons, datasets }: Base & { comparisons: ComparisonsService; datasets: DatasetsService }) => ({
    configs: new ConfigsService({ comparisons, datasets }),
  }),
  resolvers: [ConfigsResolver],
});
