import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';

/** Bytes under their SHA-256 (lower-case hex). */
@Entity('blobs')
export class Blob {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'blobs_pkey' })
  sha256!: string;

  @Column({ type: 'text' })
  contentType!: string;

  @Column({ type: 'bigint' })
  bytes!: number;

  /** When somebody last sent it: what was sent a moment ago may not be named by a report yet. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  uploadedAt!: Date;
}

/** A piece of a blob, so that a checkpoint is never in memory at once. */
@Entity('blob_chunks')
export class BlobChunk {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'blob_chunks_pkey' })
  sha256!: string;

  @PrimaryColumn({ type: 'int', primaryKeyConstraintName: 'blob_chunks_pkey' })
  number!: number;

  @ManyToOne(() => Blob, { onDelete: 'CASCADE', nullable: false })
  @JoinColumn({ name: 'sha256', foreignKeyConstraintName: 'blob_chunks_sha256_fkey' })
  blobRow?: Relation<Blob>;

  @Column({ type: 'bytea' })
  data!: Buffer;
}
