import type { Pool } from 'pg';
import { hashOf, idOf, SPARE_ROWS, tokenOf } from './names.js';

/** The token of the account that has a role. */
export const tokenOfRole = (role: string): string => tokenOf(`somebody with the role ${role}`);

/** Inserts an account with a token for each role, and accounts and tokens that calls may change. */
export async function restorePeople(client: Pool, roles: readonly string[]): Promise<void> {
  if (roles.length === 0) return;
  for (const role of roles) {
    await client.query(
      `INSERT INTO accounts (id, name, role, created_at) VALUES ($1, $2, $3, '2025-01-01') ON CONFLICT (id) DO NOTHING`,
      [idOf(`account ${role}`), `fuzz ${role}`, role],
    );
    await insertToken(client, `token of ${role}`, hashOf(tokenOfRole(role)), `account ${role}`);
  }
  for (let n = 0; n < SPARE_ROWS; n++) {
    await client.query(
      `INSERT INTO accounts (id, name, role, created_at) VALUES ($1, $2, 'VIEWER', '2025-01-01')
       ON CONFLICT (id) DO UPDATE SET role = 'VIEWER', disabled_at = NULL`,
      [idOf(`account to change ${n}`), `spare ${n}`],
    );
    for (const kind of ['token to revoke', 'token to rotate']) {
      await insertToken(client, `${kind} ${n}`, `no token ${kind} ${n}`, `account ${roles[0]}`);
    }
  }
}

/** Deletes the accounts that calls have created, with what was recorded about them. */
export async function forgetPeople(client: Pool, roles: readonly string[]): Promise<void> {
  if (roles.length === 0) return;
  await client.query('DELETE FROM audit_log');
  await client.query(`DELETE FROM accounts WHERE created_at > '2025-06-01' AND name NOT IN ('local', 'admin')`);
}

async function insertToken(client: Pool, name: string, hash: string, account: string): Promise<void> {
  await client.query(
    `INSERT INTO tokens (id, kind, label, hash, account_id, created_at) VALUES ($1, 'user', $2, $3, $4, '2025-01-01')
     ON CONFLICT (id) DO UPDATE SET revoked_at = NULL, expires_at = NULL`,
    [idOf(name), name, hash, idOf(account)],
  );
}
