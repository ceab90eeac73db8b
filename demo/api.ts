import type { TypedDocumentString } from '../schema/generated/demo/graphql.js';

/** A GraphQL client for one server: sends a typed document, answers its data, throws what the server refused. */
export class Api {
  constructor(
    readonly serverUrl: string,
    /** A user's token, where the server asks for one. */
    private readonly token: string | null = null,
  ) {}

  /** @throws Error with the server's messages, one a line */
  async send<Data, Variables>(document: TypedDocumentString<Data, Variables>, variables: Variables): Promise<Data> {
    const response = await fetch(`${this.serverUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(this.token && { authorization: `Bearer ${this.token}` }) },
      body: JSON.stringify({ query: document.toString(), variables }),
      signal: AbortSignal.timeout(30_000),
    });
    const body = (await response.json()) as { data?: Data; errors?: { message: string }[] };
    if (body.errors) throw new Error(body.errors.map((error) => error.message).join('\n'));
    if (!body.data) throw new Error(`${this.serverUrl} answered ${response.status} without data`);
    return body.data;
  }
}
