import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { ServerFault } from '../runner/agent/errors.js';
import { ServerClient } from '../runner/agent/server-client.js';
import { UserError } from '../schema/exit-codes.js';
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

  /** Sends one operation and returns its data. @throws ServerFault; UserError if the token is missing or rejected */
  async send<Data, Variables>(document: DocumentTypeDecoration<Data, Variables>, variables: Variables): Promise<Data> {
    try {
      return await this.client.send(document, variables);
    } catch (error) {
      if (!(error instanceof ServerFault) || error.code !== 'UNAUTHENTICATED') throw error;
      throw new UserError(`${error.message}; give a user token with --token or CROSSCHECK_USER_TOKEN`);
    }
  }
}
