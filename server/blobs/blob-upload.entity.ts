import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';

/** A blob that a runner has announced: who sends it, for which attempt, and how far it is. Its id names the chunks. */
@Entity('blob_uploads')
@Index('blob_uploads_sha256', ['sha256'])
@Index('blob_uploads_attempt_id', ['attemptId'])
@Index('blob_uploads_runner_id', ['runnerId'])
export class BlobUpload {
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'blob_uploads_pkey' })
  id!: string;

  @Column({ type: 'text' })
  sha256!: string;

  @Column({ type: 'text' })
  contentType!: string;

  /** The announced size. */
  @Column({ type: 'bigint' })
  bytes!: number;

  // By name, because the folders of these entities import this one.
  @ForeignKey('Runner', { name: 'blob_uploads_runner_id_fkey', onDelete: 'CASCADE' })
  @Column({ type: 'uuid' })
  runnerId!: string;

  /** Null for a PUT of an older runner, which does not say for which of its attempts it is. */
  @ForeignKey('Attempt', { name: 'blob_uploads_attempt_id_fkey', onDelete: 'CASCADE' })
  @Column({ type: 'uuid', nullable: true })
  attemptId!: string | null;

  /** The step of the checkpoint that it is; null for an image. */
  @Column({ type: 'int', nullable: true })
  step!: number | null;

  /** How many bytes are stored: the offset at which it continues. */
  @Column({ type: 'bigint', default: 0 })
  received!: number;

  /** The request that stores bytes, and until when nobody else may. A request that has received nothing for long loses it. */
  @Column({ type: 'uuid', nullable: true })
  writer!: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  writerUntil!: Date | null;

  /** When the whole blob was stored and its hash was checked; null until then. */
  @Column({ type: 'timestamptz', nullable: true })
  completedAt!: Date | null;

  /** When a report first named the blob. From then on, it belongs to a run and no longer counts as waiting. */
  @Column({ type: 'timestamptz', nullable: true })
  namedAt!: Date | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  /** When it was announced, or bytes last arrived. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  touchedAt!: Date;
}
