import { readFile } from 'node:fs/promises';

/**
 * Reads a text file in UTF-8 or, as its byte order mark says, UTF-16 (PowerShell writes that). The mark is left out.
 *
 * @throws Error when it cannot be read
 */
export async function readText(file: string): Promise<string> {
  return decodeText(await readFile(file));
}

function decodeText(bytes: Buffer): string {
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
  if (mark === 0xfffe) return bytes.subarray(2).toString('utf16le');
  if (mark === 0xfeff)
    return Buffer.from(bytes.subarray(2, bytes.length & ~1))
      .swap16()
      .toString('utf16le');
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}
