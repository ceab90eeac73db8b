import type { DataSource } from 'typeorm';
import { BlobsRepository } from './blobs.repository.js';
import { BlobsService } from './blobs.service.js';
import { ContentsRepository } from './contents.repository.js';
import { UploadReceiver } from './upload-receiver.js';
import { UploadsRepository } from './uploads.repository.js';
import { type BlobLimits, UploadsService } from './uploads.service.js';

const UNLIMITED: BlobLimits = {
  maxBytes: Number.POSITIVE_INFINITY,
  maxWaitingBytes: Number.POSITIVE_INFINITY,
  maxWaitingUploads: Number.MAX_SAFE_INTEGER,
};

/** The services of blobs, on one database. */
export function createBlobs(dataSource: DataSource, limits: BlobLimits = UNLIMITED) {
  const repository = new BlobsRepository(dataSource);
  const contents = new ContentsRepository(dataSource);
  const ofUploads = new UploadsRepository(dataSource);
  const uploadReceiver = new UploadReceiver({ dataSource, uploads: ofUploads, blobs: repository, contents });
  const shared = { dataSource, repository: ofUploads, blobs: repository, receiver: uploadReceiver };
  return {
    blobs: new BlobsService({ dataSource, repository, contents }),
    uploads: new UploadsService({ ...shared, ...limits }),
    uploadReceiver,
  };
}
