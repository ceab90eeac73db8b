import { AppError } from '../graphql/errors.js';

/** What uploads answer besides the codes of GraphQL, as in tus. */
abstract class UploadError extends Error {
  abstract readonly httpStatus: number;
}

/** An upload is larger than a blob may be, or than it was announced. */
export class BlobTooLarge extends UploadError {
  readonly httpStatus = 413;

  constructor(readonly maxBytes: number) {
    super(`a blob may have at most ${maxBytes} bytes`);
  }
}

/** Another request appends to the upload. */
export class Locked extends UploadError {
  readonly httpStatus = 423;

  constructor(id: string) {
    super(`another request is sending upload "${id}"; try again`);
  }
}

/** The bytes of an upload are not those that its hash names: "checksum mismatch" in tus. */
export class WrongHash extends UploadError {
  readonly httpStatus = 460;

  readonly hashes: { sha256: string; received: string };

  constructor(sha256: string, received: string) {
    super(`the bytes sent for blob ${sha256} have the SHA-256 ${received}`);
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

/** The HTTP status of an error that is meant for the client; null for all others. */
export function statusOf(error: unknown): number | null {
  return error instanceof AppError || error instanceof UploadError ? error.httpStatus : null;
}
