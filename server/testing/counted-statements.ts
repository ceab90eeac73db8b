import { type GraphQLSchema, graphql } from 'graphql';
import { FIXED_ACCOUNTS, Role } from '../accounts/account.entity.js';
import { type Context, Loaders } from '../context.js';
import { readEnv } from '../env.js';
import { Events } from '../events/events.js';
import { Budget } from '../graphql/budget.js';
import { createLogger } from '../logger.js';
import { modules } from '../modules.js';
import type { TestDatabase } from './test-database.js';

export interface Statement {
  query: string;
  rows: number;
  /** Of the rows, as JSON. */
  bytes: number;
}

/** What operations of an admin read from the database, without a server. */
export class StatementCounter {
  private container: Context['container'] | null = null;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly database: TestDatabase,
  ) {}

  /** Executes an operation. @throws Error with the first error of the answer */
  async of(
    source: string,
    variableValues: Record<string, unknown> = {},
  ): Promise<{ statements: Statement[]; data: unknown }> {
    this.container ??= this.create();
    const { id: accountId } = FIXED_ACCOUNTS.admin;
    const contextValue = {
      principal: { kind: 'account', accountId, role: Role.ADMIN },
      address: null,
      loaders: new Loaders(true),
      budget: new Budget(),
      container: this.container,
    } as unknown as Context;
    const statements: Statement[] = [];
    const listener = {
      afterQuery({ query, rawResults }: { query: string; rawResults?: { rows?: unknown[] } }): void {
        const rows = rawResults?.rows ?? [];
        statements.push({ query, rows: rows.length, bytes: JSON.stringify(rows).length });
      },
    };
    const { subscribers } = this.database.dataSource;
    subscribers.push(listener);
    try {
      const { data, errors } = await graphql({ schema: this.schema, source, variableValues, contextValue });
      if (errors) throw new Error(`${source}: ${errors[0]!.message}`);
      return { statements, data };
    } finally {
      subscribers.splice(subscribers.indexOf(listener), 1);
    }
  }

  private create(): Context['container'] {
    const { dataSource, url } = this.database;
    const logger = createLogger('silent');
    const events = new Events({ databaseUrl: url, logger });
    return modules.create({ dataSource, events, env: readEnv({}), logger, version: 'test' }).container;
  }
}
