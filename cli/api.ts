import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { ServerFault } from '../runner/agent/errors.js';
import { ServerClient } from '../runner/agent/server-client.js';
import { UserError } from '../schema/exit-codes.js';
import { follow } from './follow.js';
import type { ServerOptions } from './options.js';

/** A user's connection to one server. */
export class Api {
  private readonly client: ServerClient;

  /** @throws UserError if `server` is not a valid URL */
  constructor(
    server: string,
    /** A user token, if the server requires one. */
    token: string | null = null,
  ) {
    this.client = new ServerClient(server, token);
  }

  static of({ server, token }: ServerOptions): Api {
    // An empty variable counts as unset.
    return new Api(server, token || null);
  }

  /** The dashboard's address, without a trailing slash. */
  get url(): string {
    return this.client.url;
  }

  /** The text of an answer, as it arrives. @throws ServerFault, even when it breaks off; UserError like `send` */
  async *download(path: string): AsyncGenerator<string> {
    try {
      yield* this.client.download(path);
    } catch (error) {
      throw explained(error);
    }
  }

  /** Sends one operation and returns its data. @throws ServerFault; UserError if the token is missing or rejected */
  async send<Data, Variables>(document: DocumentTypeDecoration<Data, Variables>, variables: Variables): Promise<Data> {
    try {
      return await this.client.send(document, variables);
    } catch (error) {
      throw explained(error);
    }
  }

  /**
   * What a subscription sends, over a WebSocket, until the server ends it or the caller stops reading. A lost connection is made again.
   * @param onLost called with the reason when the connection is lost, once until it is back
   * @throws like `send`
   */
  async *follow<Data, Variables extends Record<string, unknown>>(
    document: DocumentTypeDecoration<Data, Variables>,
    variables: Variables,
    onLost: (reason: string) => void,
  ): AsyncGenerator<Data> {
    try {
      yield* follow(this.client, document, variables, onLost);
    } catch (error) {
      throw explained(error);
    }
  }
}

/** An error with what to do about it. */
function explained(error: unknown): unknown {
  if (!(error instanceof ServerFault) || error.code !== 'UNAUTHENTICATED') return error;
  return new UserError(`${error.message}; give a user token with --token or CROSSCHECK_USER_TOKEN`);
}
