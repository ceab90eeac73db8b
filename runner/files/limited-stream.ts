import { Transform } from 'node:stream';

/** Passes at most `maxBytes` bytes on. Fails with the error that `tooLong` returns as soon as there are more. */
export function limitedTo(maxBytes: number, tooLong: () => Error): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(tooLong());
      else done(null, chunk);
    },
  });
}
