import { readFile } from 'node:fs/promises';

/**
 * Reads a text file in UTF-8 or UTF-16. Any other encoding is refused, because its letters would be taken for others. A byte order mark is left out. PowerShell writes UTF-16 with a mark, and other Windows
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
  if (!bytes.includes(0)) return decodeUtf8(bytes);
  const text = bytes[0] === 0 ? bigEndian(bytes) : bytes.toString('utf16le');
  if (bytes.length % 2 !== 0 || text.includes('\0'))
    throw new Error('it has zero bytes, so it is not a text file; save it as UTF-8');
  return text;
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('it is not in UTF-8, but in an older encoding such as Windows-1252; save it as UTF-8');
  }
}

function bigEndian(bytes: Buffer): string {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le');
}
