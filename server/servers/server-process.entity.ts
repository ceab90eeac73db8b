import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A process of the server. Several may share one database, and each start of one is another process. */
@Entity('servers')
export class ServerProcess {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'servers_pkey' })
  id!: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  startedAt!: Date;

  /** By the clock of the database. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  seenAt!: Date;
}
