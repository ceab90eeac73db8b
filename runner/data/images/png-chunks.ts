import { crc32 } from 'node:zlib';

/** The PNG container (W3C PNG, sections 5.2 and 5.3): a signature, then chunks of length, type, data and CRC. */
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const LENGTH_AND_TYPE_BYTES = 8;
const CRC_BYTES = 4;

export interface PngChunk {
  type: string;
  data: Buffer;
}

export function writePng(chunks: readonly PngChunk[]): Uint8Array {
  const parts: Buffer[] = [SIGNATURE];
  for (const { type, data } of chunks) {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const crc = Buffer.alloc(CRC_BYTES);
    crc.writeUInt32BE(crc32(body));
    parts.push(length, body, crc);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** @throws Error when the bytes are not a PNG file, or are truncated or damaged (CRC). */
export function readPng(bytes: Uint8Array): PngChunk[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!file.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new Error('not a PNG file');
  const chunks: PngChunk[] = [];
  let at = SIGNATURE.length;
  while (chunks.at(-1)?.type !== 'IEND') {
    if (at + LENGTH_AND_TYPE_BYTES + CRC_BYTES > file.length) throw new Error('PNG file is truncated');
    const length = file.readUInt32BE(at);
    const end = at + LENGTH_AND_TYPE_BYTES + length;
    if (end + CRC_BYTES > file.length) throw new Error('PNG file is truncated');
    const type = file.toString('latin1', at + 4, at + LENGTH_AND_TYPE_BYTES);
    if (crc32(file.subarray(at + 4, end)) !== file.readUInt32BE(end)) {
      throw new Error(`PNG file is damaged: wrong checksum in its ${type} chunk`);
    }
    chunks.push({ type, data: file.subarray(at + LENGTH_AND_TYPE_BYTES, end) });
    at = end + CRC_BYTES;
  }
  return chunks;
}
