import { MessageType } from 'graphql-ws';
import { WebSocket } from 'ws';
import { refusal } from '../graphql/errors.js';
import { jsonProblem } from '../graphql/json-limits.js';

/** "Bad request" of the graphql-transport-ws protocol. */
const BAD_REQUEST = 4400;
/** graphql-ws would take these for an internal error of the server: close with 4500, and print a stack trace. */
const FROM_SERVERS: readonly unknown[] = [MessageType.ConnectionAck, MessageType.Next, MessageType.Error];

/** A socket that rejects messages that are expensive to parse, before anybody parses them, and those of a server. */
export class CheckedSocket extends WebSocket {
  override emit(event: string | symbol, ...values: unknown[]): boolean {
    // ws has already closed the socket with the right code. graphql-ws would print a stack trace.
    if (event === 'error') return true;
    if (event === 'message') {
      const problem = messageProblem(values[0] as Buffer);
      if (problem !== null) {
        this.close(BAD_REQUEST, problem);
        return true;
      }
    }
    return super.emit(event, ...values);
  }
}

function messageProblem(bytes: Buffer): string | null {
  const problem = jsonProblem(bytes);
  if (problem !== null) return refusal(problem.reason, { part: 'message', most: problem.most }).message;
  let message: unknown;
  try {
    message = JSON.parse(bytes.toString());
  } catch {
    return 'the message is not valid JSON';
  }
  const type = typeof message === 'object' && message !== null && 'type' in message ? message.type : null;
  return FROM_SERVERS.includes(type) ? `the message is of type "${type}", which only a server sends` : null;
}
