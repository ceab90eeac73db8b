import { Command } from 'commander';
import { jsonOption, withNotes } from '../../help.js';
import { type Column, renderRows } from '../../output/columns.js';
import type { Shell } from '../../shell.js';
import { administer, exitCodes, withPlace } from './administer.js';

const PAGE = 100;

interface Options {
  account?: string;
  ended: boolean;
  json: boolean;
}

/** As printed with --json: scripts rely on these names. */
interface ListedToken {
  id: string;
  kind: string;
  account: string | null;
  label: string;
  source: string;
  usesLeft: number | null;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

const day = (time: Date | null, none: string): string => time?.toISOString().slice(0, 10) ?? none;

const COLUMNS: Column<ListedToken>[] = [
  { title: 'id', of: ({ id }) => id },
  { title: 'kind', of: ({ kind }) => kind },
  { title: 'account', of: ({ account }) => account ?? '–' },
  { title: 'label', of: ({ label }) => label },
  { title: 'created', of: ({ createdAt }) => day(createdAt, '') },
  { title: 'last used', of: ({ lastUsedAt }) => day(lastUsedAt, 'never') },
  { title: 'ends', of: endOf },
];

function endOf({ revokedAt, expiresAt, usesLeft }: ListedToken): string {
  if (revokedAt) return `revoked ${day(revokedAt, '')}`;
  if (usesLeft === 0) return 'used up';
  const uses = usesLeft === null ? [] : [`after ${usesLeft} ${usesLeft === 1 ? 'use' : 'uses'}`];
  return [...(expiresAt ? [day(expiresAt, '')] : []), ...uses].join(', ') || 'never';
}

function readTokens({ account: name, ended }: Options): Promise<ListedToken[]> {
  return administer(async ({ accounts, tokens }) => {
    const accountId = name === undefined ? null : (await accounts.byName(name)).id;
    const names = new Map((await accounts.all()).map((account) => [account.id, account.name]));
    const found: ListedToken[] = [];
    let after: string | null = null;
    for (;;) {
      const { edges, pageInfo } = await tokens.page(null, { accountId, ended }, { first: PAGE, after });
      for (const { node } of edges) {
        const { id, kind, label, source, usesLeft, createdAt, expiresAt, lastUsedAt, revokedAt } = node;
        const account = node.accountId === null ? null : (names.get(node.accountId) ?? null);
        found.push({ id, kind, account, label, source, usesLeft, createdAt, expiresAt, lastUsedAt, revokedAt });
      }
      if (!pageInfo.hasNextPage) return found;
      after = pageInfo.endCursor;
    }
  });
}

export function listTokensCommand({ print }: Shell): Command {
  const command = new Command('list')
    .description('Lists tokens, newest first, without their secrets.')
    .option('--account <name>', 'only the tokens of this account')
    .option('--ended', 'include tokens that were revoked, have expired or are used up', false)
    .addOption(jsonOption('print one JSON array'))
    .action(async (options: Options) => {
      const tokens = await readTokens(options);
      if (options.json) print(JSON.stringify(tokens, null, 2));
      else for (const line of renderRows(COLUMNS, tokens)) print(line);
    });
  return withNotes(withPlace(command), {
    examples: [
      ['token list --account ada', 'of one person'],
      ["token list --json | jq -r '.[] | select(.lastUsedAt == null) | .id'", 'those that were never used'],
    ],
    exitCodes: exitCodes('the tokens were printed', 'there is no such account'),
  });
}
