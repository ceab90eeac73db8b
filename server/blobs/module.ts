import { type Base, createModule } from '../create-module.js';
import { Blob, BlobCandidate, BlobChunk } from './blob.entity.js';
import { BlobCollector } from './blob-collector.js';
import { BlobUpload } from './blob-upload.entity.js';
import { createBlobs } from './create-blobs.js';

export const blobsModule = createModule({
  create: ({ dataSource, env, logger }: Base) => {
    const limits = {
      maxBytes: env.blobMaxBytes,
      maxWaitingBytes: env.uploadsMaxBytes,
      maxWaitingUploads: env.uploadsMaxCount,
    };
    const services = createBlobs(dataSource, limits);
    return { ...services, blobCollector: new BlobCollector({ ...services, logger }) };
  },
  entities: [Blob, BlobChunk, BlobCandidate, BlobUpload],
});
