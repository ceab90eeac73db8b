import type { DataSource } from 'typeorm';
import type { Transaction } from '../database/transaction.js';

export class ServersRepository {
  constructor(private readonly dataSource: DataSource) {}

  async markSeen(id: string): Promise<void> {
    await this.dataSource.query(
      `/* markServerSeen */ INSERT INTO servers (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET seen_at = now()`,
      [id],
    );
  }

  async deleteSilent(days: number): Promise<void> {
    await this.dataSource.query(
      `/* deleteSilentServers */ DELETE FROM servers WHERE seen_at < now() - make_interval(days => $1)`,
      [days],
    );
  }

  /** Whether the server is known, and was last seen before this time. */
  async lastSeenBefore(transaction: Transaction, id: string, time: Date): Promise<boolean> {
    const rows = await transaction.query<unknown[]>(
      '/* serverLastSeenBefore */ SELECT FROM servers WHERE id = $1 AND seen_at < $2',
      [id, time],
    );
    return rows.length > 0;
  }
}
