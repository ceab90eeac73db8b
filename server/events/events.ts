import { createPubSub } from '@graphql-yoga/subscription';
import pg from 'pg';
import type { Transaction } from '../database/transaction.js';
import type { Logger } from '../logger.js';

/** What can be listened to. Payloads carry ids only: a NOTIFY holds less than 8,000 bytes, and listeners refetch. */
export interface Topics {
  'run.changed': { runId: string; studyId: string | null };
  'run.deleted': { runId: string };
  'run.queued': Record<string, never>;
  'runner.changed': { runnerId: string };
  /** Points of these steps were written, ends included: a resumed run writes older steps again. */
  'points.added': { runId: string; fromStep: number; toStep: number };
  'alarm.raised': { alarmId: string; runId: string; studyId: string | null };
  /** Local: events may have been missed (the database connection was lost), so whoever shows a state reads it again. */
  resync: Record<string, never>;
}

type Topic = keyof Topics;
type PublishedTopic = Exclude<Topic, 'resync'>;

const CHANNEL = 'crosscheck';
const RECONNECT_MS = { first: 100, most: 5000 };

type TopicArguments = { [T in Topic]: [Topics[T]] };

/**
 * Events between server processes over LISTEN/NOTIFY. They leave with the transaction that publishes them, so a listener
 * never hears of what was rolled back, and always finds what it hears of.
 */
export class Events {
  private readonly local = createPubSub<TopicArguments>();
  private client: pg.Client | null = null;
  private retry: NodeJS.Timeout | null = null;
  private delayMs = RECONNECT_MS.first;
  private reconnecting: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly deps: {
      databaseUrl: string;
      logger: Logger;
    },
  ) {}

  /** Listens on a connection of its own; rejects when the first connection fails, later ones are retried for ever. */
  async start(): Promise<void> {
    await this.connect();
  }

  /** Sends an event when the transaction commits. */
  async publish<T extends PublishedTopic>(transaction: Transaction, topic: T, payload: Topics[T]): Promise<void> {
    await transaction.query('/* notify */ SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify({ topic, payload })]);
  }

  /** Every event of the topic from now on; listens until the iterator is returned. */
  subscribe<T extends Topic>(topic: T): AsyncIterableIterator<Topics[T]> {
    return (this.local.subscribe as (topic: Topic) => unknown)(topic) as AsyncIterableIterator<Topics[T]>;
  }

  /** Calls `hear` for every event of the topic until the answer is called. */
  on<T extends Topic>(topic: T, hear: (payload: Topics[T]) => void): () => void {
    const heard = this.subscribe(topic);
    const listening = (async () => {
      for await (const payload of heard) hear(payload);
    })();
    listening.catch((error: Error) => this.deps.logger.error({ err: error, topic }, 'a listener failed'));
    return () => void heard.return?.();
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.retry) clearTimeout(this.retry);
    await this.reconnecting;
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
    // Only a connection that once worked is retried: a wrong address must stop the start.
    client.on('end', () => this.reconnectLater());
    this.client = client;
    this.delayMs = RECONNECT_MS.first;
  }

  private reconnectLater(): void {
    this.client = null;
    if (this.closed) return;
    this.retry = setTimeout(() => {
      this.reconnecting = this.connect().then(
        () => this.local.publish('resync', {}),
        (error: Error) => {
          this.deps.logger.warn({ reason: error.message }, 'no event connection yet');
          this.delayMs = Math.min(this.delayMs * 2, RECONNECT_MS.most);
          this.reconnectLater();
        },
      );
    }, this.delayMs);
  }

  private deliver(text: string): void {
    const { topic, payload } = JSON.parse(text) as { topic: PublishedTopic; payload: never };
    this.local.publish(topic, payload);
  }
}
