import { AppError } from '../graphql/errors.js';

/** An upload is larger than a blob may be, or than it was announced. */
export class BlobTooLarge extends Error {
  constructor(readonly maxBytes: number) {
    super(`a blob may have at most ${maxBytes} bytes`);
  }
}

/**
 * More bytes wait for a report than the runner may have waiting. Runners try again later, as after every 429: reports are on
 * their way, or an upload was given up.
 */
export class TooMuchWaiting extends AppError {
  constructor(waiting: number, bytes: number, maxBytes: number) {
    super(
      'TOO_MANY_REQUESTS',
      `this runner has announced ${waiting} bytes that no report has named yet, and wants to send ${bytes} more; ` +
        `at most ${maxBytes} are allowed (UPLOADS_MAX_BYTES on the server)`,
    );
  }
}

/** More blobs wait for a report than the runner may have waiting, whatever their size. Our agent never gets there. */
export class TooManyWaiting extends AppError {
  constructor(maxUploads: number) {
    super(
      'TOO_MANY_REQUESTS',
      `this runner has announced ${maxUploads} blobs that no report has named yet, and more are not allowed ` +
        '(UPLOADS_MAX_COUNT on the server): report the ones that were sent before announcing others',
    );
  }
}

/** The bytes of an upload are not those that its hash names. */
export class WrongHash extends AppError {
  constructor(sha256: string, received: string) {
    super('BAD_USER_INPUT', `the bytes sent for blob ${sha256} have the SHA-256 ${received}`);
  }
}
