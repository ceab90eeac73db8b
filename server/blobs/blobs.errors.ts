/** An upload is larger than a blob may be. */
export class BlobTooLarge extends Error {
  constructor(readonly maxBytes: number) {
    super(`a blob may have at most ${maxBytes} bytes`);
  }
}
