/** The largest page that the server returns. */
const PAGE = 100;

interface Page<Node> {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
  edges: { node: Node }[];
}

/** Reads up to `limit` items of a list, page by page, and how many it has in all. */
export async function readPages<Node>(
  limit: number,
  read: (page: { first: number; after: string | null }) => Promise<Page<Node>>,
): Promise<{ found: Node[]; total: number }> {
  const found: Node[] = [];
  let after: string | null = null;
  for (;;) {
    const page: Page<Node> = await read({ first: Math.min(PAGE, limit - found.length), after });
    found.push(...page.edges.map(({ node }) => node));
    after = page.pageInfo.endCursor ?? null;
    if (found.length >= limit || !page.pageInfo.hasNextPage) return { found, total: page.totalCount };
  }
}
