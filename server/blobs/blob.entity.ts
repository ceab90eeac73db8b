import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';

/** Bytes named by their SHA-256 (lowercase hex). */
@Entity('blobs')
export class Blob {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'blobs_pkey' })
  sha256!: string;

  @Column({ type: 'text' })
  contentType!: string;

  @Column({ type: 'bigint' })
  bytes!: number;

  /** When it was last uploaded. A report that names a recent upload may still be on its way. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  uploadedAt!: Date;
}

/** A piece of a blob. Blobs are stored in pieces so that a whole checkpoint is never in memory. */
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
