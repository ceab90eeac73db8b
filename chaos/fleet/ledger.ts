import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/**
 * The reports that a server has acknowledged to an agent. The agent's process writes a line before the agent sees the
 * answer. The line is in the page cache when the call returns, so it survives kill -9.
 */
export interface Acknowledged {
  attemptId: string;
  sequence: number;
}

interface Sent {
  variables?: { report?: { attemptId: string } };
}
interface Answer {
  data?: { reportAttempt?: { acknowledged: number } } | null;
}

/** Writes every acknowledgement that this process receives to the file. */
export function keepLedger(file: string): void {
  const send = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const response = await send(input, init);
    if (typeof init?.body !== 'string' || !init.body.includes('reportAttempt')) return response;
    const { attemptId } = (JSON.parse(init.body) as Sent).variables?.report ?? {};
    const text = await response.text();
    const acknowledged = acknowledgedIn(text);
    if (attemptId && acknowledged !== null)
      appendFileSync(file, `${JSON.stringify({ attemptId, sequence: acknowledged })}\n`);
    return new Response(text, response);
  };
}

/** Null if the answer is not one that a server gives to a report. */
function acknowledgedIn(text: string): number | null {
  try {
    return (JSON.parse(text) as Answer).data?.reportAttempt?.acknowledged ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
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
