import { baseInput } from './cases/base-input.js';
import type { Case } from './cases/cases.js';
import { type Request, render } from './cases/render.js';
import type { Answer, Transport } from './transports/answer.js';
import { HttpTransport } from './transports/http.js';
import { WebSocketTransport } from './transports/websocket.js';
import type { World } from './world/world.js';

/** One call, and what came back. */
export interface Call {
  tried: Case;
  request: Request;
  answer: Answer;
}

/** Makes one call at a time. Keeps a connection for each caller and transport. */
export class Worker {
  private readonly transports = new Map<string, Transport>();

  constructor(
    private readonly number: number,
    private readonly world: World,
    private readonly url: string,
  ) {}

  /** @param reaches whether the caller gets past the check of its token; if not, nothing is prepared */
  async call(tried: Case, reaches: boolean): Promise<Call> {
    const { operation, slot, value, caller, form } = tried;
    const use = { operation: operation.name, worker: this.number, reaches };
    const base = await baseInput(operation, this.world, use, slot);
    const request = render(operation, base, form, slot && value && { path: slot.path, value });
    const token = caller.token(operation.name);
    const isSubscription = operation.kind === 'subscription';
    const answer = await this.transport(tried).send(token, request.document, request.variables, isSubscription);
    return { tried, request, answer };
  }

  async close(): Promise<void> {
    for (const transport of this.transports.values()) await transport.close();
    this.transports.clear();
  }

  private transport({ caller, transport }: Case): Transport {
    const key = `${caller.name} ${transport}`;
    const known = this.transports.get(key);
    if (known) return known;
    const Type = transport === 'http' ? HttpTransport : WebSocketTransport;
    const created = new Type(this.url, caller.address);
    this.transports.set(key, created);
    return created;
  }
}
