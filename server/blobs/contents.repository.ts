import type { DataSource } from 'typeorm';
import { CHUNK_BYTES } from './blob.entity.js';

/** How long a request may receive nothing before another server may continue the upload. */
const WRITER_SECONDS = 20;

/** The bytes of blobs and of unfinished uploads, and who may append to them. */
export class ContentsRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Lets one request append to an upload at this offset. False if it is at another offset, or another request appends. */
  async beginWriting(id: string, writer: string, offset: number): Promise<boolean> {
    const [, count] = await this.dataSource.query<[unknown, number]>(
      `/* beginWriting */ UPDATE blob_uploads SET writer = $2, writer_until = now() + interval '${WRITER_SECONDS} seconds'
       WHERE id = $1 AND received = $3 AND completed_at IS NULL AND (writer IS NULL OR writer_until < now())`,
      [id, writer, offset],
    );
    return count > 0;
  }

  /** Keeps the right to append while nothing is appended. False if it is lost. */
  async keepWriting(id: string, writer: string): Promise<boolean> {
    const [, count] = await this.dataSource.query<[unknown, number]>(
      `/* keepWriting */ UPDATE blob_uploads SET touched_at = now(),
         writer_until = now() + interval '${WRITER_SECONDS} seconds' WHERE id = $1 AND writer = $2`,
      [id, writer],
    );
    return count > 0;
  }

  async endWriting(id: string, writer: string): Promise<void> {
    await this.dataSource.query(
      '/* endWriting */ UPDATE blob_uploads SET writer = NULL, writer_until = NULL WHERE id = $1 AND writer = $2',
      [id, writer],
    );
  }

  /**
   * Appends bytes to an upload, all within one chunk, in one statement, so that the offset is right whenever a server is
   * killed. False if the request may no longer append.
   */
  async append(id: string, writer: string, offset: number, bytes: Buffer): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `/* appendToUpload */ WITH moved AS (
         UPDATE blob_uploads SET received = received + $4, touched_at = now(),
           writer_until = now() + interval '${WRITER_SECONDS} seconds'
         WHERE id = $1 AND writer = $2 AND received = $3 RETURNING id)
       INSERT INTO blob_chunks AS chunk (content, number, data) SELECT id::text, $5, $6 FROM moved
       ON CONFLICT (content, number) DO UPDATE SET data = chunk.data || excluded.data RETURNING number`,
      [id, writer, offset, bytes.length, Math.floor(offset / CHUNK_BYTES), bytes],
    );
    return rows.length > 0;
  }

  /** The bytes from `from` up to and including `to`, one chunk at a time. */
  async *read(content: string, from: number, to: number): AsyncGenerator<Buffer> {
    for (let at = from; at <= to; ) {
      const number = Math.floor(at / CHUNK_BYTES);
      const [row] = await this.dataSource.query<{ data: Buffer }[]>(
        '/* blobChunk */ SELECT data FROM blob_chunks WHERE content = $1 AND number = $2',
        [content, number],
      );
      const start = number * CHUNK_BYTES;
      const bytes = row?.data.subarray(at - start, to + 1 - start);
      if (!bytes?.length) throw new Error(`content ${content} has no byte ${at}: it was deleted while it was read`);
      yield bytes;
      at += bytes.length;
    }
  }
}
