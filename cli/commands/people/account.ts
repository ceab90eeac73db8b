import { Command, InvalidArgumentError, Option } from 'commander';
import { UserError } from '../../../schema/exit-codes.js';
import type { Role } from '../../../server/administration.js';
import { GROUP_EXIT_CODES, jsonOption, withNotes } from '../../help.js';
import { type Column, renderRows } from '../../output/columns.js';
import type { Shell } from '../../shell.js';
import { administer, exitCodes, withPlace } from './administer.js';

const ROLES = ['VIEWER', 'MEMBER', 'ADMIN'] as const;
type RoleName = (typeof ROLES)[number];

function oneRole(text: string): RoleName {
  const role = ROLES.find((one) => one === text.toUpperCase());
  if (!role) throw new InvalidArgumentError(`Allowed choices are ${ROLES.join(', ')}.`);
  return role;
}

export const roleOption = (text: string): Option =>
  new Option('--role <role>', `${text}: ${ROLES.join(', ')}`).argParser(oneRole);
const shareOption = (): Option =>
  new Option('--share <share>', "the account's weight in the queue, more than 0").argParser(Number);

/** As printed with --json: scripts rely on these names. */
interface ListedAccount {
  id: string;
  name: string;
  role: RoleName;
  share: number;
  createdAt: Date;
  disabledAt: Date | null;
}

const COLUMNS: Column<ListedAccount>[] = [
  { title: 'name', of: ({ name }) => name },
  { title: 'role', of: ({ role }) => role },
  { title: 'share', of: ({ share }) => String(share), right: true },
  { title: 'created', of: ({ createdAt }) => createdAt.toISOString().slice(0, 10) },
  { title: 'state', of: ({ disabledAt }) => (disabledAt ? 'disabled' : 'enabled') },
];

const listed = ({ id, name, role, share, createdAt, disabledAt }: ListedAccount): ListedAccount => {
  return { id, name, role, share, createdAt, disabledAt };
};

export function accountCommand(shell: Shell): Command {
  const command = new Command('account')
    .description("Lists, creates and changes the accounts in the server's database.")
    .addCommand(listCommand(shell))
    .addCommand(createCommand(shell))
    .addCommand(updateCommand(shell));
  return withNotes(withPlace(command), {
    examples: [
      ['account list', 'everybody, with roles'],
      ['account update kwon --role ADMIN', 'appoint an admin'],
    ],
    exitCodes: GROUP_EXIT_CODES,
  });
}

function listCommand({ print }: Shell): Command {
  const command = new Command('list')
    .description('Lists all accounts by name.')
    .addOption(jsonOption('print one JSON array'))
    .action(async ({ json }: { json: boolean }) => {
      const accounts = (await administer(({ accounts }) => accounts.all())).map(listed);
      if (json) print(JSON.stringify(accounts, null, 2));
      else for (const line of renderRows(COLUMNS, accounts)) print(line);
    });
  return withNotes(withPlace(command), {
    examples: [['account list', 'with roles']],
    exitCodes: exitCodes('the accounts were printed', 'a setting is not valid'),
  });
}

interface Change {
  role?: RoleName;
  share?: number;
  json: boolean;
}

function createCommand({ print }: Shell): Command {
  const command = new Command('create')
    .description('Creates an account without tokens.')
    .argument('<name>', 'its name, which does not change')
    .addOption(roleOption('what it may do').default('MEMBER'))
    .addOption(shareOption().default(1))
    .addOption(jsonOption('print one JSON object: id, name, role, share, createdAt, disabledAt'))
    .action(async (name: string, { role, share, json }: Change) => {
      const account = await administer(({ accounts, audited }) =>
        audited('createAccount', { name, role, share }, () => accounts.create(name, role as Role, share)),
      );
      print(
        json ? JSON.stringify(listed(account)) : `created the account "${account.name}" with the role ${account.role}`,
      );
    });
  return withNotes(withPlace(command), {
    examples: [
      ['account create guest --role VIEWER', 'may read, and nothing else'],
      ['account create nightly', 'for a script'],
    ],
    exitCodes: exitCodes('the account was created', 'the name is taken, or an option is not valid'),
  });
}

function updateCommand({ print }: Shell): Command {
  const command = new Command('update')
    .description('Changes the role or the share of an account, or disables or enables it.')
    .argument('<name>', 'the account')
    .addOption(roleOption('what it may do from now on'))
    .addOption(shareOption())
    .addOption(new Option('--disable', 'reject its tokens and close their connections').conflicts('enable'))
    .option('--enable', 'accept its tokens again')
    .addOption(jsonOption('print one JSON object: id, name, role, share, createdAt, disabledAt'))
    .action(async (name: string, { disable, enable, ...options }: Change & { disable?: true; enable?: true }) => {
      const { role, share, json } = options;
      if (!role && share === undefined && !disable && !enable) {
        throw new UserError('nothing to change: give --role, --share, --disable or --enable');
      }
      const change = { role: role as Role | undefined, share, disabled: disable ? true : enable ? false : null };
      const account = await administer(async ({ accounts, audited }) => {
        const { id } = await accounts.byName(name);
        return audited('updateAccount', { id, ...change }, () => accounts.update(id, change));
      });
      const state = account.disabledAt ? 'disabled' : 'enabled';
      const line = `the account "${account.name}" is ${state}, with the role ${account.role} and the share ${account.share}`;
      print(json ? JSON.stringify(listed(account)) : line);
    });
  return withNotes(withPlace(command), {
    examples: [
      ['account update kwon --role ADMIN', 'appoint an admin'],
      ['account update kwon --disable', 'somebody has left'],
    ],
    exitCodes: exitCodes('the account was changed', 'there is no such account, or an option is not valid'),
  });
}
