import { Check, Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

export type TokenKind = 'user' | 'registration';

/** A secret that was shown once; runners keep theirs on their own row. */
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

  /** How often it may still be used; null is without end. */
  @Column({ type: 'int', nullable: true })
  usesLeft!: number | null;

  @Column({ type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;
}
