import type { BlobsService } from '../blobs/blobs.service.js';
import { type Base, createModule } from '../create-module.js';
import { SampleImage, SampleRow } from './sample.entity.js';
import { SampleInput } from './samples.inputs.js';
import { SamplesRepository } from './samples.repository.js';
import { SamplesResolver } from './samples.resolver.js';
import { SamplesService } from './samples.service.js';

export const samplesModule = createModule({
  create: ({ dataSource, blobs }: Base & { blobs: BlobsService }) => ({
    samples: new SamplesService({ repository: new SamplesRepository(dataSource), blobs }),
  }),
  entities: [SampleImage, SampleRow],
  resolvers: [SamplesResolver],
  report: {
    field: 'samples',
    description: 'New images of samples. Their blobs must have been uploaded.',
    input: () => [SampleInput],
    record: ({ samples }, { transaction, run, change }, inputs: SampleInput[]) =>
      samples.record(transaction, run.id, change, inputs),
  },
});
