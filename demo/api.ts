import type { TypedDocumentString } from '../schema/generated/demo/graphql.js';

/** A GraphQL client for one server: sends a typed document, answers its data, throws what the server refused. */
export class Api {
  constructor(
    readonly serverUrl: string,
    /** A user's token, where the server asks for one. */
    private readonly token: string | null = null,
  ) {}

  /** @throws Error with the server's messages, one a line, or with why it gives no answer */
  async send<Data, Variables>(document: TypedDocumentString<Data, Variables>, variables: Variables): Promise<Data> {
    const response = await fetch(`${this.serverUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(this.token && { authorization: `Bearer ${this.token}` }) },
      body: JSON.stringify({ query: document.toString(), variables }),
      signal: AbortSignal.timeout(30_000),
    }).catch((error: Error) => {
      const { message } = error.cause instanceof Error ? error.cause : error;
      throw new Error(`${this.serverUrl} cannot be reached: ${message}`);
    });
    const body = (await response.json().catch(() => ({}))) as { data?: Data; errors?: { message: string }[] };
    if (body.errors) throw new Error(body.errors.map((error) => error.message).join('\n'));
    if (!body.data)
      throw new Error(`${this.serverUrl} answered ${response.status} without data: is it a Crosscheck server?`);
    return body.data;
  }
}
