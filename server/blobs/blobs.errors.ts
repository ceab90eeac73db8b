import { AppError } from '../graphql/errors.js';

/** An upload is larger than a blob may be, or than it was announced. */
export class BlobTooLarge extends AppError {
  constructor(maxBytes: number) {
    super('BLOB_TOO_LARGE', { most: maxBytes });
  }
}

/** Another request appends to the upload. */
export class Locked extends AppError {
  constructor(id: string) {
    super('UPLOAD_LOCKED', { id });
  }
}

/** The bytes of an upload are not those that its hash names: "checksum mismatch" in tus. */
export class WrongHash extends AppError {
  readonly hashes: { sha256: string; received: string };

  constructor(sha256: string, received: string) {
    super('UPLOAD_HASH_WRONG', { sha256, received });
    this.hashes = { sha256, received };
  }
}

/**
 * More bytes wait for a report than the runner may have waiting. Runners try again later, as after every 429: reports are on
 * their way, or an upload was given up.
 */
export class TooMuchWaiting extends AppError {
  constructor(waiting: number, bytes: number, maxBytes: number) {
    super('TOO_MANY_BYTES_WAITING', { waiting, bytes, most: maxBytes });
  }
}

/** More blobs wait for a report than the runner may have waiting, whatever their size. Our agent never gets there. */
export class TooManyWaiting extends AppError {
  constructor(maxUploads: number) {
    super('TOO_MANY_UPLOADS_WAITING', { most: maxUploads });
  }
}
