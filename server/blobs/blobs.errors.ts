/** More bytes than a blob may have. */
export class BlobTooLarge extends Error {
  constructor(readonly maxBytes: number) {
    super(`a blob has at most ${maxBytes} bytes`);
  }
}
