import { Check, Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

export type TokenKind = 'user' | 'registration';

/** A user or registration token. A runner's token is stored in the runner's own row. */
@Entity('tokens')
@Unique('tokens_hash_key', ['hash'])
@Check('tokens_kind_check', `kind IN ('user', 'registration')`)
export class Token {
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'tokens_pkey' })
  id!: string;

  @Column({ type: 'text' })
  kind!: TokenKind;

  @Column({ type: 'text' })
  label!: string;

  /** SHA-256 in hex. */
  @Column({ type: 'text' })
  hash!: string;

  /** How often it can still be used; null means without limit. */
  @Column({ type: 'int', nullable: true })
  usesLeft!: number | null;

  @Column({ type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
