import { persistedExchange } from '@urql/exchange-persisted';
import type { DocumentNode } from 'graphql';
import { CombinedError, type Exchange, mapExchange } from 'urql';

/** The message that urql's exchange looks for. Our server sends a sentence and a code instead. */
const NOT_FOUND = 'PersistedQueryNotFound';
const CODE = 'PERSISTED_QUERY_NOT_FOUND';

/**
 * Sends the hashes of documents instead of their texts. If the server does not know one, because it is not of the same version as
 * this page, the text follows.
 */
export const persistedExchanges: Exchange[] = [
  persistedExchange({
    // Pages of other origins could send a query in the address, so the server wants POST.
    preferGetForPersistedQueries: false,
    enableForMutation: true,
    enableForSubscriptions: true,
    generateHash: async (_text, document) => hashOf(document as DocumentNode),
  }),
  mapExchange({
    onResult: (result) =>
      isUnknown(result.error) ? { ...result, error: new CombinedError({ graphQLErrors: [NOT_FOUND] }) } : result,
  }),
];

function isUnknown(error: CombinedError | undefined): boolean {
  return error?.graphQLErrors.some(({ extensions }) => extensions?.code === CODE) ?? false;
}

/** The SHA-256 that codegen has written into the document, in hex. */
function hashOf(document: DocumentNode & { __meta__?: { hash: string } }): string {
  return document.__meta__?.hash.replace(/^sha256:/, '') ?? '';
}
