import type { DocumentNode } from 'graphql';

/** All documents of the dashboard, the command line and the runner together have about 2,500. Each takes half a kilobyte. */
const MAX_TOKENS = 6000;

/**
 * Valid documents by their text, so that a client's usual operations are parsed and validated once. Forgets what was not used
 * for the longest time. Bounded by tokens, because a parsed document takes far more memory than its text.
 */
export class DocumentCache {
  private readonly documents = new Map<string, DocumentNode>();
  private tokens = 0;

  get(query: string): DocumentNode | undefined {
    const document = this.documents.get(query);
    if (document) {
      // The order of a Map is that of insertion.
      this.documents.delete(query);
      this.documents.set(query, document);
    }
    return document;
  }

  set(query: string, document: DocumentNode): void {
    if (this.documents.has(query)) return;
    this.documents.set(query, document);
    this.tokens += tokensOf(document);
    for (const [oldest, forgotten] of this.documents) {
      if (this.tokens <= MAX_TOKENS) return;
      this.documents.delete(oldest);
      this.tokens -= tokensOf(forgotten);
    }
  }
}

const tokensOf = ({ tokenCount }: DocumentNode): number => tokenCount!;
