import type { BlobsService } from '../blobs/blobs.service.js';
import { type Base, createModule } from '../create-module.js';
import type { RunsService } from '../runs/runs.service.js';
import { Checkpoint } from './checkpoint.entity.js';
import { CheckpointInput } from './checkpoints.inputs.js';
import { CheckpointsRepository } from './checkpoints.repository.js';
import { CheckpointsService } from './checkpoints.service.js';

export const checkpointsModule = createModule({
  create: ({ blobs }: Base & { blobs: BlobsService; runs: RunsService }) => ({
    checkpoints: new CheckpointsService({ repository: new CheckpointsRepository(), blobs }),
  }),
  entities: [Checkpoint],
  report: {
    field: 'checkpoint',
    description: 'New checkpoint, if one was written. Its blob must have been uploaded.',
    input: () => CheckpointInput,
    record: async ({ checkpoints, runs }, { transaction, run, attempt }, input: CheckpointInput) => {
      const further = await checkpoints.record(transaction, run.id, attempt.id, input);
      if (further) await runs.update(transaction, run.id, { lostAttempts: 0 });
    },
  },
});
