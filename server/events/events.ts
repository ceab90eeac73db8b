import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterCommit, type Transaction } from '../database/transaction.js';
import type { Logger } from '../logger.js';

/** The topics that can be subscribed to. Payloads only have ids: a NOTIFY is limited to 8,000 bytes, and listeners refetch. */
export interface Topics {
  /** `change` and `parts`, if given, say which change wrote which parts of a report. */
  'run.changed': { runId: string; studyId: string | null; change?: number; parts?: string[] };
  /** The study itself, not one of its runs, has changed or was deleted. */
  'study.changed': { studyId: string };
  'run.deleted': { runId: string; studyId: string | null };
  /** Runs were queued in these placements. */
  'run.queued': { placementIds: number[] };
  'runner.changed': { runnerId: string };
  /** The runner may train another number of runs at a time. */
  'runner.slots': { runnerId: string };
  /** A batch of points was written. */
  'points.added': { runId: string; number: number };
  /** New alarms of one run, in order. `number` is the highest number of all alarms of their report. */
  'alarms.raised': { alarmIds: string[]; number: number; runId: string; studyId: string | null };
  /** A token, account or runner, whose id this is, may have lost or changed its access. */
  'access.changed': { id: string };
  /** Local to the process. The database connection was lost, so events may be missing: listeners read their state again. */
  resync: Record<string, never>;
}

type Topic = keyof Topics;
type PublishedTopic = Exclude<Topic, 'resync'>;

const CHANNEL = 'crosscheck';
const NOTIFY_ALL = '/* notify */ SELECT pg_notify($1, message) FROM unnest($2::text[]) AS message';
/** How long events wait for others. Nobody sees that: each subscriber gets at most five messages per second. */
const SOON_MS = 10;
/** How many events one statement sends at most. */
const MOST_AT_ONCE = 100;
const RECONNECT_MS = { first: 100, most: 5000 };

/** A topic that can be published, with its payload. */
export type PublishedEvent = { [T in PublishedTopic]: { topic: T; payload: Topics[T] } }[PublishedTopic];

/**
 * A call in SQL that sends an event when its transaction commits, for a statement that also does something else.
 * @param payload SQL that makes the payload, as json
 */
export const eventSql = (topic: PublishedTopic, payload: string): string =>
  `pg_notify('${CHANNEL}', json_build_object('topic', '${topic}', 'payload', ${payload})::text)`;

type Listener<T extends Topic> = (payload: Topics[T]) => void;

/**
 * Sends events between server processes with LISTEN/NOTIFY. An event is sent when the transaction that publishes it commits.
 * So listeners never receive events of a transaction that was rolled back, and can always read what an event refers to.
 */
export class Events {
  private readonly listeners = new Map<Topic, Set<Listener<Topic>>>();
  private client: pg.Client | null = null;
  private retry: NodeJS.Timeout | null = null;
  private delayMs = RECONNECT_MS.first;
  private reconnecting: Promise<void> = Promise.resolve();
  private closed = false;
  private readonly soon: PublishedEvent[] = [];
  private sending: Promise<void> | null = null;

  constructor(
    private readonly deps: {
      databaseUrl: string;
      logger: Logger;
    },
  ) {}

  /** Listens on its own connection. Rejects if the first connection fails; after that, it reconnects until closed. */
  async start(): Promise<void> {
    await this.connect();
  }

  /** Sends an event when the transaction commits. In this process, changes of access are told before `inTransaction` resolves, too. */
  async publish<T extends PublishedTopic>(transaction: Transaction, topic: T, payload: Topics[T]): Promise<void> {
    await transaction.query('/* notify */ SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify({ topic, payload })]);
    // Whoever changed the access must not find the old one here, before the notification has arrived.
    if (topic === 'access.changed') afterCommit(transaction, () => this.tell(topic, payload));
  }

  /** Sends events in one statement, in this order, when the transaction commits. */
  async publishAll(transaction: Transaction, events: readonly PublishedEvent[]): Promise<void> {
    await transaction.query(NOTIFY_ALL, [CHANNEL, events.map((event) => JSON.stringify(event))]);
  }

  /**
   * Sends events of a transaction that has committed, together with those of other transactions. PostgreSQL lets only one
   * transaction with events commit at a time, and each waits for the disk, so this is for what happens often. If this server dies
   * within milliseconds, they are lost: only publish what will be followed by other events.
   */
  publishSoon(...events: PublishedEvent[]): void {
    this.soon.push(...events);
    this.sending ??= this.sendSoon();
  }

  /** Calls `hear` for every event of the topic, until the returned function is called. */
  on<T extends Topic>(topic: T, hear: Listener<T>): () => void {
    const ofTopic = this.listeners.get(topic) ?? new Set();
    this.listeners.set(topic, ofTopic);
    // Each call is an entry of its own, even if the function is the same.
    const listener = ((payload: Topics[T]) => hear(payload)) as Listener<Topic>;
    ofTopic.add(listener);
    return () => void ofTopic.delete(listener);
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.retry) clearTimeout(this.retry);
    await this.reconnecting;
    await this.sending;
    await this.client?.end();
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.deps.databaseUrl,
      keepAlive: true,
      application_name: 'crosscheck events',
    });
    client.on('error', (error) => this.deps.logger.warn({ reason: error.message }, 'the event connection failed'));
    client.on('notification', ({ payload }) => this.deliver(payload ?? ''));
    await client.connect();
    if (this.closed) return client.end();
    await client.query(`LISTEN ${CHANNEL}`);
    // Reconnect only after a connection that worked: with a wrong address, the server must not start.
    client.on('end', () => this.reconnectLater());
    this.client = client;
    this.delayMs = RECONNECT_MS.first;
    if (this.soon.length > 0) this.sending ??= this.sendSoon();
  }

  /** What cannot be sent waits for the next connection, or the next event. */
  private async sendSoon(): Promise<void> {
    await sleep(SOON_MS);
    try {
      while (this.client && this.soon.length > 0) {
        const events = this.soon.slice(0, MOST_AT_ONCE);
        await this.client.query(NOTIFY_ALL, [CHANNEL, events.map((event) => JSON.stringify(event))]);
        this.soon.splice(0, events.length);
      }
    } catch (error) {
      this.deps.logger.warn({ reason: (error as Error).message }, 'events could not be sent yet');
    } finally {
      this.sending = null;
    }
  }

  private reconnectLater(): void {
    this.client = null;
    if (this.closed) return;
    this.retry = setTimeout(() => {
      this.reconnecting = this.connect().then(
        () => this.tell('resync', {}),
        (error: Error) => {
          this.deps.logger.warn({ reason: error.message }, 'the event connection could not be restored; trying again');
          this.delayMs = Math.min(this.delayMs * 2, RECONNECT_MS.most);
          this.reconnectLater();
        },
      );
    }, this.delayMs);
  }

  private deliver(text: string): void {
    const { topic, payload } = JSON.parse(text) as { topic: PublishedTopic; payload: never };
    this.tell(topic, payload);
  }

  private tell<T extends Topic>(topic: T, payload: Topics[T]): void {
    for (const hear of this.listeners.get(topic) ?? []) {
      try {
        hear(payload as never);
      } catch (error) {
        this.deps.logger.error({ err: error, topic }, 'a listener failed');
      }
    }
  }
}
