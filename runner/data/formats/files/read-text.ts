import { readFile } from 'node:fs/promises';

/**
 * Reads a text file in UTF-8 or UTF-16. A byte order mark is left out. PowerShell writes UTF-16 with a mark, and other Windows
 * programs write it without one, which shows in zero bytes.
 *
 * @throws Error when it cannot be read, or is not text
 */
export async function readText(file: string): Promise<string> {
  return decodeText(await readFile(file));
}

function decodeText(bytes: Buffer): string {
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
  if (mark === 0xfffe) return bytes.subarray(2).toString('utf16le');
  if (mark === 0xfeff) return bigEndian(bytes.subarray(2));
  if (!bytes.includes(0)) return bytes.toString('utf8').replace(/^\uFEFF/, '');
  const text = bytes[0] === 0 ? bigEndian(bytes) : bytes.toString('utf16le');
  if (bytes.length % 2 !== 0 || text.includes('\0'))
    throw new Error('it has zero bytes, so it is not a text file; save it as UTF-8');
  return text;
}

function bigEndian(bytes: Buffer): string {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le');
}
