import { type Base, createModule } from '../create-module.js';
import { Blob, BlobChunk } from './blob.entity.js';
import { BlobCollector } from './blob-collector.js';
import { BlobsRepository } from './blobs.repository.js';
import { BlobsService } from './blobs.service.js';

export const blobsModule = createModule({
  create: ({ dataSource, logger }: Base) => {
    const blobs = new BlobsService({ dataSource, repository: new BlobsRepository(dataSource) });
    return { blobs, blobCollector: new BlobCollector({ blobs, logger }) };
  },
  entities: [Blob, BlobChunk],
});
