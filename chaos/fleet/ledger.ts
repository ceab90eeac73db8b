import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { ServerClient } from '../../runner/agent/server-client.js';
import {
  ReportAttemptDocument,
  type ReportAttemptMutation,
  type ReportAttemptMutationVariables,
} from '../../schema/generated/runner/graphql.js';

/**
 * The reports that a server has acknowledged to an agent. The agent's process writes a line before the agent sees the
 * answer. The line is in the page cache when the call returns, so it survives kill -9.
 */
export interface Acknowledged {
  attemptId: string;
  sequence: number;
}

/** Writes every acknowledgement that this process receives to the file. */
export function keepLedger(file: string): void {
  const { request } = ServerClient.prototype;
  ServerClient.prototype.request = async function <Result, Variables>(
    this: ServerClient,
    document: DocumentTypeDecoration<Result, Variables>,
    variables: Variables,
  ): Promise<Result> {
    const result = await (request<Result, Variables>).call(this, document, variables);
    if ((document as unknown) === ReportAttemptDocument) {
      const { report } = variables as unknown as ReportAttemptMutationVariables;
      const { acknowledged } = (result as unknown as ReportAttemptMutation).reportAttempt;
      appendFileSync(file, `${JSON.stringify({ attemptId: report.attemptId, sequence: acknowledged })}\n`);
    }
    return result;
  };
}

/** The newest acknowledged report of each attempt in a ledger. */
export function readLedger(file: string): Map<string, number> {
  const newest = new Map<string, number>();
  if (!existsSync(file)) return newest;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (line === '') continue;
    const { attemptId, sequence } = JSON.parse(line) as Acknowledged;
    newest.set(attemptId, Math.max(newest.get(attemptId) ?? 0, sequence));
  }
  return newest;
}
