import type { TestServer } from './test-server.js';

/** The subscriptions to what is written to a run, and what each selects. */
export const FOLLOWED = {
  runPoints: 'skipped cutAfter histories { name steps values }',
  runEvaluations: 'evaluations { id step network meanIou }',
  runSamples: 'samples { step imageId groundTruthUrl predictions { network url } }',
  runAlarms: 'alarms { id step kind overStep message } retracted',
  runLog: 'lines { id message }',
};
export type Followed = keyof typeof FOLLOWED;

// biome-ignore lint/suspicious/noExplicitAny: each subscription selects something else
type Message = any;
/** What is known, by key. */
type Things = Map<string, unknown>;

/** What each subscription changes in what is known. */
const APPLY: Record<Followed, (things: Things, message: Message) => void> = {
  runPoints: (things, { cutAfter, histories }) => {
    for (const key of cutAfter === null ? [] : things.keys()) {
      if (Number(key.split('@')[1]) > cutAfter) things.delete(key);
    }
    for (const { name, steps, values } of histories) {
      for (const [i, step] of steps.entries()) things.set(`${name}@${step}`, values[i]);
    }
  },
  runEvaluations: (things, { evaluations }) => setAll(things, evaluations),
  runSamples: (things, { samples }) => setAll(things, samples),
  runAlarms: (things, { alarms, retracted }) => {
    for (const id of retracted) things.delete(id);
    setAll(things, alarms);
  },
  runLog: (things, { lines }) => setAll(things, lines),
};

function setAll(things: Things, list: Message[]): void {
  for (const thing of list) things.set(thing.id ?? `${thing.step} ${thing.imageId}`, thing);
}

/** What is stored of a run, as a query returns it. */
export async function stored(server: TestServer, runId: string, kind: Followed): Promise<Things> {
  const things: Things = new Map();
  const read = (fields: string) => server.run(runId, fields);
  if (kind === 'runPoints') {
    const { metrics } = await read('metrics(maxPoints: 10000) { name steps values }');
    APPLY.runPoints(things, { cutAfter: null, histories: metrics });
  } else if (kind === 'runSamples') {
    for (const step of (await read('sampleSteps')).sampleSteps) {
      setAll(things, (await read(`samples(step: ${step}) ${FOLLOWED.runSamples.replace('samples ', '')}`)).samples);
    }
  } else if (kind === 'runLog') setAll(things, (await read('log(last: 5000) { id message }')).log);
  else if (kind === 'runAlarms') setAll(things, (await read(FOLLOWED.runAlarms.replace(' retracted', ''))).alarms);
  else setAll(things, (await read(FOLLOWED[kind])).evaluations);
  return things;
}

/** Somebody who follows a run, and leaves and comes back, to any server. */
export class Watcher {
  things: Things = new Map();
  /** How often each thing was sent since the last reset. */
  readonly sent = new Map<string, number>();
  resets = 0;
  private cursor: string | null = null;
  private connection: AsyncIterableIterator<Message> | null = null;
  private listening: Promise<void> = Promise.resolve();

  constructor(
    readonly kind: Followed,
    private readonly runId: string,
  ) {}

  connect(server: TestServer): void {
    const { kind, runId, cursor } = this;
    const connection = server.subscribe(
      `subscription ($runId: ID!, $after: String) { ${kind}(runId: $runId, after: $after) { cursor reset ${FOLLOWED[kind]} } }`,
      { runId, after: cursor },
    );
    this.connection = connection;
    this.listening = this.listen(connection, server);
  }

  /** Leaves. What has arrived is still taken. */
  async disconnect(): Promise<void> {
    await this.connection?.return?.();
    await this.listening;
  }

  private async listen(connection: AsyncIterableIterator<Message>, server: TestServer): Promise<void> {
    for await (const { data, errors } of connection) {
      if (errors) throw new Error(errors[0].message);
      const message = data[this.kind];
      if (message.reset) {
        this.resets++;
        this.things = await stored(server, this.runId, this.kind);
      } else {
        for (const { id } of message.lines ?? []) this.sent.set(id, (this.sent.get(id) ?? 0) + 1);
        APPLY[this.kind](this.things, message);
      }
      this.cursor = message.cursor;
    }
  }
}
