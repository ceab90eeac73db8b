import { type Client, type CombinedError, createRequest, type OperationResult } from 'urql';
import {
  RunOrderDocument,
  type RunRowFragment,
  RunsDocument,
  type RunsQuery,
  type RunsQueryVariables,
} from '../../schema/generated/web/graphql.js';
import type { WantedRuns } from './wanted-runs.js';

/** The largest page that the server returns. */
export const PAGE = 100;

export interface RunPagesState {
  runs: RunRowFragment[];
  totalCount: number;
  hasMore: boolean;
  loading: boolean;
  error: CombinedError | undefined;
}

export const NOTHING_YET: RunPagesState = { runs: [], totalCount: 0, hasMore: false, loading: true, error: undefined };

interface Page {
  after: string | null;
  /** The newest answer; its rows are those of the store, and change with them. */
  result: OperationResult<RunsQuery> | null;
  close: () => void;
}

/**
 * The first pages of a list of runs. Each is a query that stays open, so that its rows follow the store. `refresh` reads only which
 * runs there are, and in which order: rows that the store has are not read again.
 */
export class RunPages {
  private pages: Page[] = [];
  private wantedCount = 0;
  private isClosed = false;
  private refreshing: Promise<void> | null = null;
  private isRefreshDue = false;

  constructor(
    private readonly client: Client,
    private readonly wanted: WantedRuns,
    private readonly show: (state: RunPagesState) => void,
  ) {}

  /** Lists at least the first `count` runs. */
  want(count: number): void {
    this.wantedCount = count;
    if (this.pages.length === 0) this.open(null);
    else this.openNext();
  }

  /** Reads which runs there are now. What is asked for meanwhile is read afterwards, because the answer may be older. */
  refresh(): void {
    this.isRefreshDue = true;
    this.refreshing ??= this.refreshWhileDue().finally(() => {
      this.refreshing = null;
    });
  }

  close(): void {
    this.isClosed = true;
    this.cut(0);
  }

  private async refreshWhileDue(): Promise<void> {
    while (this.isRefreshDue && !this.isClosed) {
      this.isRefreshDue = false;
      // A page may be in flight, with an answer from before the change.
      await this.client.query(RunOrderDocument, this.variables(null), { requestPolicy: 'network-only' }).toPromise();
      for (let index = 1; index < this.pages.length && !this.isClosed; index++) {
        const { after } = this.pages[index]!;
        await this.client.query(RunOrderDocument, this.variables(after), { requestPolicy: 'network-only' }).toPromise();
      }
    }
  }

  private variables(after: string | null): RunsQueryVariables {
    return { ...this.wanted, first: PAGE, after };
  }

  private open(after: string | null): void {
    const page: Page = { after, result: null, close: () => {} };
    this.pages.push(page);
    const request = createRequest(RunsDocument, this.variables(after));
    const { unsubscribe } = this.client
      .executeQuery<RunsQuery, RunsQueryVariables>(request, { requestPolicy: 'cache-and-network' })
      .subscribe((result) => {
        if (this.isClosed || !this.pages.includes(page)) return;
        // An answer that failed does not replace rows, except when the condition itself was refused.
        if (result.data || result.error) page.result = result.data ? result : { ...result, data: page.result?.data };
        this.openNext();
        this.emit();
      });
    page.close = unsubscribe;
    if (!this.pages.includes(page)) unsubscribe();
  }

  /** Opens the page after the last one if it is wanted, and replaces those that begin elsewhere now. */
  private openNext(): void {
    for (const [index, page] of this.pages.entries()) {
      const data = page.result?.data;
      if (!data) return;
      const { hasNextPage, endCursor } = data.runs.pageInfo;
      const isEnough = (index + 1) * PAGE >= this.wantedCount;
      const next = this.pages[index + 1];
      if (hasNextPage && !isEnough && next?.after === endCursor) continue;
      this.cut(index + 1);
      if (hasNextPage && !isEnough) this.open(endCursor ?? null);
      return;
    }
  }

  private cut(length: number): void {
    for (const page of this.pages.splice(length)) page.close();
  }

  private emit(): void {
    const answered = this.pages.flatMap(({ result }) => result?.data?.runs ?? []);
    const error = this.pages.find(({ result }) => result?.error)?.result?.error;
    const isRefused = error !== undefined && error.graphQLErrors.length > 0;
    const [first] = answered;
    const last = answered.at(-1);
    this.show({
      // Rows under a condition that was refused would look like its result.
      runs: isRefused ? [] : answered.flatMap(({ edges }) => edges.map(({ node }) => node)),
      totalCount: isRefused ? 0 : (first?.totalCount ?? 0),
      hasMore: !isRefused && (last?.pageInfo.hasNextPage ?? false),
      loading: !error && this.pages.some(({ result }) => !result?.data),
      error,
    });
  }
}
