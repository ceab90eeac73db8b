import { Field, Float, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { Node } from '../graphql/node.js';
import { GraphQLDateTime } from '../graphql/scalars.js';

export enum Role {
  VIEWER = 'VIEWER',
  MEMBER = 'MEMBER',
  ADMIN = 'ADMIN',
}

registerEnumType(Role, {
  name: 'Role',
  description: 'What an account may do. Each role includes the one before it.',
  valuesConfig: {
    VIEWER: { description: "Reads everything except other people's tokens and the audit log." },
    MEMBER: {
      description:
        'Queues, edits, cancels, retries and deletes runs and studies, and manages the tokens of its own account.',
    },
    ADMIN: { description: 'Manages accounts, all tokens, runners and datasets, and reads the audit log.' },
  },
});

const ASCENDING = [Role.VIEWER, Role.MEMBER, Role.ADMIN];

/** Whether an account with this role may do what `needed` allows. */
export function includesRole(role: Role, needed: Role): boolean {
  return ASCENDING.indexOf(role) >= ASCENDING.indexOf(needed);
}

/**
 * Accounts that every database has. Migration 0007 inserts them with these ids. `local` is everybody while the server
 * requires no tokens, and `admin` owns the token from the environment. Both stay ADMIN and cannot be disabled.
 */
export const FIXED_ACCOUNTS = {
  local: { id: '00000000-0000-4000-8000-000000000001', name: 'local' },
  admin: { id: '00000000-0000-4000-8000-000000000002', name: 'admin' },
} as const;

/** A person or a script. It is never deleted, so that the runs keep their author. */
@ObjectType({
  implements: Node,
  simpleResolvers: true,
  description: 'A person or a script. It owns tokens, and is the author of what it queues.',
})
@Entity('accounts')
@Index('accounts_name', { synchronize: false })
@Check('accounts_name_check', 'char_length(name) BETWEEN 1 AND 128')
@Check('accounts_role_check', `role IN ('ADMIN', 'MEMBER', 'VIEWER')`)
@Check('accounts_share_check', 'share > 0')
export class Account implements Node {
  @Field(() => ID, { description: 'Unique identifier, a UUID.' })
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'accounts_pkey' })
  id!: string;

  @Field(() => String, { description: 'Unique, ignoring case. It does not change.' })
  @Column({ type: 'text' })
  name!: string;

  @Field(() => Role, { description: 'What the account may do.' })
  @Column({ type: 'text' })
  role!: Role;

  @Field(() => Float, { description: 'Weight of the account in the queue, more than 0.' })
  @Column({ type: 'double precision', default: 1 })
  share!: number;

  @Field(() => GraphQLDateTime, { description: "When it was created, by the server's clock." })
  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the account was disabled: its tokens are rejected since then. Null if it is not.',
  })
  @Column({ type: 'timestamptz', nullable: true })
  disabledAt!: Date | null;
}
