import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { ServerFault } from './errors.js';
import type { ServerClient } from './server-client.js';

/** For commands that do not retry: asks each address of the server once, until one answers. Throws as `request` does. */
export async function requestOnce<Result, Variables>(
  client: ServerClient,
  document: DocumentTypeDecoration<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  for (let left = client.addresses.all.length - 1; ; left--) {
    try {
      return await client.request(document, variables);
    } catch (error) {
      if (!(error instanceof ServerFault) || error.kind !== 'unreachable' || left === 0) throw error;
    }
  }
}
