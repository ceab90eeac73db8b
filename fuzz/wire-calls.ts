import { faultsOf, shortened } from './faults/faults.js';
import { type Findings, shownAnswer } from './faults/findings.js';
import type { FuzzOptions } from './options.js';
import { Random } from './random.js';
import type { WatchedServer } from './server/watched-server.js';
import type { Tally } from './tally.js';
import type { Answer, Transport } from './transports/answer.js';
import { HttpTransport } from './transports/http.js';
import { WebSocketTransport } from './transports/websocket.js';
import { NAMED_DOCUMENTS } from './wire/documents.js';
import { httpRequests } from './wire/http-requests.js';
import { RAW_REQUESTS, sendRaw } from './wire/raw-requests.js';
import { VIOLATIONS, violate } from './wire/socket-violations.js';
import type { Caller } from './world/callers.js';

/** How long to wait for an answer to bytes that may be the beginning of a request. */
const RAW_PATIENCE_MS = 500;
/** How many of these calls a short run makes. */
const SAMPLE = 80;

/** Something to send, and how. */
interface WireCall {
  /** What kind of thing it is. */
  group: string;
  name: string;
  caller: Caller;
  send(): Promise<Answer>;
}

/** Sends what no client would send: broken HTTP, broken WebSocket messages, and documents that cost more than they should. */
export class WireCalls {
  private readonly transports: Transport[] = [];

  constructor(
    private readonly deps: {
      server: WatchedServer;
      callers: readonly Caller[];
      options: FuzzOptions;
      findings: Findings;
      tally: Tally;
    },
  ) {}

  /** Makes all calls until `endMs`, one at a time, or a sample of them in a short run. Returns how many are left. */
  async make(endMs: number): Promise<number> {
    const { options, server, callers } = this.deps;
    const anybody = callers[0]!;
    const all = [
      ...callers.flatMap((caller) => [
        ...this.requests(caller),
        ...this.documents(caller),
        ...VIOLATIONS.map((violation) => ({
          group: 'broken WebSocket',
          name: violation.name,
          caller,
          send: () => violate(server.url, caller.address, caller.token('server'), violation),
        })),
      ]),
      ...RAW_REQUESTS.map((request) => ({
        group: 'broken HTTP',
        name: request.name,
        caller: anybody,
        send: () => sendRaw(server.url, anybody.address, request, RAW_PATIENCE_MS),
      })),
    ];
    const calls = new Random(options.seed).shuffled(all).slice(0, options.perPlace === null ? all.length : SAMPLE);
    options.print(`${calls.length} calls that break HTTP or the WebSocket protocol`);
    let made = 0;
    while (made < calls.length && performance.now() < endMs) await this.judge(calls[made++]!);
    for (const transport of this.transports.splice(0)) await transport.close();
    return calls.length - made;
  }

  private requests(caller: Caller): WireCall[] {
    const token = caller.token('claimRun');
    const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
    const http = new HttpTransport(this.deps.server.url, caller.address);
    this.transports.push(http);
    return httpRequests(authorization).map((request) => ({
      group: 'odd HTTP',
      name: request.name,
      caller,
      send: () => http.request(request),
    }));
  }

  private documents(caller: Caller): WireCall[] {
    return [HttpTransport, WebSocketTransport].flatMap((Type) => {
      const transport = new Type(this.deps.server.url, caller.address);
      this.transports.push(transport);
      return NAMED_DOCUMENTS.map(({ name, document }) => ({
        group: `documents over ${Type === HttpTransport ? 'HTTP' : 'WebSocket'}`,
        name,
        caller,
        send: () => transport.send(caller.token('server'), document(), '{}', false),
      }));
    });
  }

  private async judge({ group, name, caller, send }: WireCall): Promise<void> {
    const { findings, tally, options, server } = this.deps;
    let answer = await send();
    // Another program may have kept the machine busy.
    if (answer.milliseconds > options.slowMs) {
      const again = await send();
      if (again.milliseconds < answer.milliseconds) answer = again;
    }
    tally.addOther(group, answer.milliseconds);
    const reproduction = {
      operation: group,
      caller: caller.name,
      transport: group,
      input: name,
      document: '',
      variables: '',
      answer: shownAnswer(answer),
    };
    const lastWords = server.lastWords;
    if (await server.recover(answer.failure !== null)) {
      const what = `${group}: ${name}: ${shortened(lastWords, 500)}`;
      return findings.add({ kind: 'crash', what }, reproduction);
    }
    // The server may cut what breaks the protocol, and does not owe it an answer in GraphQL.
    for (const fault of faultsOf(answer, { graphql: false, mayBeCut: true })) findings.add(fault, reproduction, answer);
    if (answer.milliseconds > options.slowMs) {
      findings.add({ kind: 'slow answer', what: `${group}: ${name}` }, reproduction);
    }
  }
}
