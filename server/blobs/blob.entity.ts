import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Bytes named by their SHA-256 (lowercase hex). */
@Entity('blobs')
@Index('blobs_content', ['content'], { unique: true })
export class Blob {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'blobs_pkey' })
  sha256!: string;

  @Column({ type: 'text' })
  contentType!: string;

  @Column({ type: 'bigint' })
  bytes!: number;

  /** The name of its chunks: the id of its upload or, for a blob of an earlier version, its SHA-256. */
  @Column({ type: 'text' })
  content!: string;
}

/** A content is stored in rows of this size; its last one may be shorter. */
export const CHUNK_BYTES = 1024 * 1024;

/**
 * One MiB of a content, or the rest of it. They are stored as they arrive, before there is a blob, so that a
 * whole checkpoint is never in memory.
 */
@Entity('blob_chunks')
export class BlobChunk {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'blob_chunks_pkey' })
  content!: string;

  /** From 0. */
  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'blob_chunks_pkey' })
  number!: number;

  @Column({ type: 'bytea' })
  data!: Buffer;
}

/**
 * A content that perhaps nothing refers to any more. Triggers insert it in the transaction that deletes a reference
 * (migrations/0011-uploads.ts); the collector looks at it once it is due.
 */
@Entity('blob_candidates')
@Index('blob_candidates_due', ['due'])
export class BlobCandidate {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'blob_candidates_pkey' })
  content!: string;

  @Column({ type: 'timestamptz' })
  due!: Date;
}
