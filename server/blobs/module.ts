import { type Base, createModule } from '../create-module.js';
import { Blob, BlobChunk } from './blob.entity.js';
import { BlobCollector } from './blob-collector.js';
import { BlobUpload } from './blob-upload.entity.js';
import { BlobsRepository } from './blobs.repository.js';
import { BlobsService } from './blobs.service.js';
import { UploadsRepository } from './uploads.repository.js';
import { UploadsService } from './uploads.service.js';

export const blobsModule = createModule({
  create: ({ dataSource, env, logger }: Base) => {
    const limits = { maxBytes: env.blobMaxBytes };
    const blobs = new BlobsService({ dataSource, repository: new BlobsRepository(dataSource), limits });
    const repository = new UploadsRepository(dataSource);
    const quota = { maxWaitingBytes: env.uploadsMaxBytes, maxWaitingUploads: env.uploadsMaxCount };
    const uploads = new UploadsService({ dataSource, repository, blobs, ...quota });
    return { blobs, uploads, blobCollector: new BlobCollector({ blobs, uploads, logger }) };
  },
  entities: [Blob, BlobChunk, BlobUpload],
});
