import { Command, Option } from 'commander';
import { UserError } from '../../../schema/exit-codes.js';
import type { Role, TokenKind } from '../../../server/administration.js';
import { GROUP_EXIT_CODES, jsonOption, withNotes } from '../../help.js';
import { positiveInt } from '../../options.js';
import type { Shell } from '../../shell.js';
import { roleOption } from './account.js';
import { administer, exitCodes, withPlace } from './administer.js';
import { listTokensCommand } from './list-tokens.js';

export function tokenCommand(shell: Shell): Command {
  const command = new Command('token')
    .description("Creates, lists and ends tokens in the server's database. Without a subcommand: create.")
    // The default, because `crosscheck token --kind …` was the only form before there were subcommands.
    .addCommand(createCommand(shell), { isDefault: true })
    .addCommand(listTokensCommand(shell))
    .addCommand(revokeCommand(shell))
    .addCommand(rotateCommand(shell));
  return withNotes(withPlace(command), {
    examples: [
      ['token create --kind user --label ada', 'for a person'],
      ['token list', 'all that are valid'],
    ],
    exitCodes: GROUP_EXIT_CODES,
  });
}

interface CreateOptions {
  kind: `${TokenKind}`;
  label: string;
  account?: string;
  role?: `${Role}`;
  uses?: number;
  expiresIn?: number;
  json: boolean;
}

function createCommand({ print }: Shell): Command {
  const command = new Command('create')
    .description("Creates a token in the server's database and prints it (shown only once).")
    .addOption(
      new Option('--kind <kind>', 'registration: for runners to register with; user: for people and scripts')
        .choices(['registration', 'user'])
        .makeOptionMandatory(),
    )
    .requiredOption('--label <label>', 'what it is for')
    .option('--account <name>', 'the account that it belongs to, created if there is none (default: the label)')
    .addOption(roleOption('the role that the account gets, instead of its own or MEMBER for a new one'))
    .option('--uses <count>', 'how many runners may register with it (default: any number)', positiveInt)
    .option('--expires-in <seconds>', 'how long it is valid (default: forever)', positiveInt)
    .addOption(jsonOption('print one JSON object: id, kind, label, account, role, token, expiresAt'))
    .action(async ({ json, ...options }: CreateOptions) => {
      const created = options.kind === 'user' ? await createUserToken(options) : await createRegistrationToken(options);
      print(json ? JSON.stringify(created) : created.token);
    });
  return withNotes(withPlace(command), {
    examples: [
      ['token create --kind user --label ada', 'for a person'],
      ['token create --kind user --label laptop --account ada', 'another one for the same person'],
      ['token create --kind user --label ada --role ADMIN', 'for an admin, if there is none'],
      ['token create --kind registration --label lab-3 --uses 1', 'for one new runner'],
    ],
    exitCodes: exitCodes('the token was printed', 'an option or a setting is not valid, or the account is disabled'),
  });
}

type NewToken = Omit<CreateOptions, 'json'>;

function createUserToken({ kind, label, account: name, role, uses, expiresIn }: NewToken) {
  if (uses !== undefined) throw new UserError('--uses is only for --kind registration');
  return administer(async ({ accounts, tokens, audited }) => {
    const named = await (name === undefined ? tokens.accountForLabel(label) : accounts.ensure(name));
    const change = { role: role as Role };
    const account =
      role && role !== named.role
        ? await audited('updateAccount', { id: named.id, ...change }, () => accounts.update(named.id, change))
        : named;
    const input = { label, expiresInSeconds: expiresIn };
    const { id, token, expiresAt } = await audited('createToken', { accountId: account.id, ...input }, () =>
      tokens.createFor(null, account.id, input),
    );
    return { id, kind, label, account: account.name, role: account.role, token, expiresAt };
  });
}

function createRegistrationToken({ kind, label, account, role, uses, expiresIn }: NewToken) {
  if (account !== undefined || role) throw new UserError('--account and --role are only for --kind user');
  return administer(async ({ tokens, audited }) => {
    const input = { label, uses, expiresInSeconds: expiresIn };
    const { id, token, expiresAt } = await audited('createRegistrationToken', { input }, () =>
      tokens.createRegistration(null, input),
    );
    return { id, kind, label, account: null, role: null, token, expiresAt };
  });
}

function revokeCommand({ print }: Shell): Command {
  const command = new Command('revoke')
    .description('Ends a token, and closes its connections to every server.')
    .argument('<id>', 'the id that `crosscheck token list` prints')
    .action(async (id: string) => {
      const { label } = await administer(({ tokens, audited }) =>
        audited('revokeToken', { id }, () => tokens.revoke(null, id)),
      );
      print(`revoked "${label}"`);
    });
  return withNotes(withPlace(command), {
    examples: [['token revoke 6f9619ff-8b86-4d01-b42d-00cf4fc964ff', 'at once']],
    exitCodes: exitCodes('the token is revoked', 'there is no such token'),
  });
}

function rotateCommand({ print }: Shell): Command {
  const command = new Command('rotate')
    .description('Replaces a token by a new one with the same account, label and lifetime, and prints it.')
    .argument('<id>', 'the id that `crosscheck token list` prints')
    .option(
      '--overlap <seconds>',
      'how long the old token stays valid, at most 7 days (default: not at all)',
      positiveInt,
    )
    .addOption(jsonOption('print one JSON object: id, token, expiresAt'))
    .action(async (id: string, { overlap = 0, json }: { overlap?: number; json: boolean }) => {
      const { token, expiresAt, ...made } = await administer(({ tokens, audited }) =>
        audited('rotateToken', { id, overlapSeconds: overlap }, () => tokens.rotate(null, id, overlap)),
      );
      print(json ? JSON.stringify({ id: made.id, token, expiresAt }) : token);
    });
  return withNotes(withPlace(command), {
    examples: [
      ['token rotate 6f9619ff-8b86-4d01-b42d-00cf4fc964ff', 'the old one ends at once'],
      ['token rotate 6f9619ff-8b86-4d01-b42d-00cf4fc964ff --overlap 86400', 'the old one ends in a day'],
    ],
    exitCodes: exitCodes('the new token was printed', 'there is no such token, or it has ended'),
  });
}
