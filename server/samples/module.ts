import type { BlobsService } from '../blobs/blobs.service.js';
import { type Base, createModule } from '../create-module.js';
import type { DatasetsService } from '../datasets/datasets.service.js';
import type { ComparisonsService } from '../evaluations/comparisons.service.js';
import { ComparedSamplesResolver } from './compared-samples.resolver.js';
import { ComparedSamplesService } from './compared-samples.service.js';
import { SampleImage, SampleRow } from './sample.entity.js';
import { SampleInput } from './samples.inputs.js';
import { SamplesRepository } from './samples.repository.js';
import { SamplesResolver } from './samples.resolver.js';
import { SamplesService } from './samples.service.js';

interface Needs extends Base {
  blobs: BlobsService;
  comparisons: ComparisonsService;
  datasets: DatasetsService;
}

export const samplesModule = createModule({
  create: ({ dataSource, blobs, comparisons, datasets }: Needs) => {
    const repository = new SamplesRepository(dataSource);
    const samples = new SamplesService({ repository, blobs });
    return { samples, comparedSamples: new ComparedSamplesService({ repository, samples, comparisons, datasets }) };
  },
  entities: [SampleImage, SampleRow],
  resolvers: [SamplesResolver, ComparedSamplesResolver],
  report: {
    field: 'samples',
    description: 'New images of samples. Their blobs must have been uploaded.',
    input: () => [SampleInput],
    record: ({ samples }, { transaction, run, change }, inputs: SampleInput[]) =>
      samples.record(transaction, run.id, change, inputs),
  },
});
