import type { DocumentNode } from 'graphql';

/** All documents of the dashboard, the command line and the runner together have about 20,000 characters. */
const MAX_CHARACTERS = 256 * 1024;

/** Valid documents by their text, so that a client's usual operations are parsed and validated once. Forgets the oldest. */
export class DocumentCache {
  private readonly documents = new Map<string, DocumentNode>();
  private characters = 0;

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
    this.characters += query.length;
    for (const oldest of this.documents.keys()) {
      if (this.characters <= MAX_CHARACTERS) return;
      this.documents.delete(oldest);
      this.characters -= oldest.length;
    }
  }
}
