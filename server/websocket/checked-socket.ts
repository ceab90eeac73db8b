import { WebSocket } from 'ws';
import { jsonProblem } from '../graphql/json-limits.js';

/** "Bad request" of the graphql-transport-ws protocol. */
const BAD_REQUEST = 4400;

/** A socket that rejects messages that are expensive to parse, before anybody parses them. */
export class CheckedSocket extends WebSocket {
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    // ws has already closed the socket with the right code. graphql-ws would print a stack trace.
    if (event === 'error') return true;
    if (event === 'message') {
      const problem = jsonProblem(values[0] as Buffer);
      if (problem !== null) {
        this.close(BAD_REQUEST, `the message ${problem}`);
        return true;
      }
    }
    return super.emit(event, ...values);
  }
}
