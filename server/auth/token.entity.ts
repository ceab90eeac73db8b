import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { Account } from '../accounts/account.entity.js';
import { Node } from '../graphql/node.js';
import { GraphQLDateTime } from '../graphql/scalars.js';

export enum TokenKind {
  USER = 'user',
  REGISTRATION = 'registration',
}

export enum TokenSource {
  CREATED = 'CREATED',
  ENVIRONMENT = 'ENVIRONMENT',
}

registerEnumType(TokenKind, {
  name: 'TokenKind',
  description: 'What a token is for.',
  valuesConfig: {
    USER: { description: 'People and scripts send it with each request. It belongs to an account.' },
    REGISTRATION: { description: 'Machines register as runners with it. It belongs to no account.' },
  },
});
registerEnumType(TokenSource, {
  name: 'TokenSource',
  description: 'Where a token comes from.',
  valuesConfig: {
    CREATED: { description: 'Somebody created it.' },
    ENVIRONMENT: { description: "The server's environment. A new value replaces it when the server starts." },
  },
});

/** A user or registration token. A runner's token is stored in the runner's own row. */
@ObjectType({ implements: Node, description: 'A token without its secret, which the server does not know.' })
@Entity('tokens')
@Unique('tokens_hash_key', ['hash'])
@Check('tokens_kind_check', `kind IN ('user', 'registration')`)
@Check('tokens_source_check', `source IN ('CREATED', 'ENVIRONMENT')`)
@Check('tokens_account_check', `kind <> 'user' OR account_id IS NOT NULL`)
@Index('tokens_account_id', ['accountId'])
export class Token implements Node {
  @Field(() => ID, { description: 'Unique identifier, a UUID.' })
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'tokens_pkey' })
  id!: string;

  @Field(() => TokenKind, { description: 'What the token is for.' })
  @Column({ type: 'text' })
  kind!: TokenKind;

  @Field(() => String, { description: 'Text by which people recognise the token.' })
  @Column({ type: 'text' })
  label!: string;

  /** SHA-256 in hex. */
  @Column({ type: 'text' })
  hash!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'How many more runners may register with it; null means any number. Null for a user token.',
  })
  @Column({ type: 'int', nullable: true })
  usesLeft!: number | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When the token expires; null means never.' })
  @Column({ type: 'timestamptz', nullable: true })
  expiresAt!: Date | null;

  @Field(() => GraphQLDateTime, { description: "When it was created, by the server's clock." })
  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  /** Null for a registration token. */
  @ForeignKey(() => Account, { name: 'tokens_account_id_fkey' })
  @Column({ type: 'uuid', nullable: true })
  accountId!: string | null;

  /** Null if the environment, the command line or an earlier version created it. */
  @ForeignKey(() => Account, { name: 'tokens_created_by_fkey' })
  @Column({ type: 'uuid', nullable: true })
  createdBy!: string | null;

  @Field(() => TokenSource, { description: 'Where the token comes from.' })
  @Column({ type: 'text', default: TokenSource.CREATED })
  source!: TokenSource;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the token was last used, to the minute; null if it never was.',
  })
  @Column({ type: 'timestamptz', nullable: true })
  lastUsedAt!: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'When the token was revoked; null if it was not.' })
  @Column({ type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;
}
