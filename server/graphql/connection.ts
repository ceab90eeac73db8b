import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import { badUserInput } from './errors.js';
import { isId } from './ids.js';
import { isSortKey, type KeyType } from './sort-keys.js';
import { shown } from './texts.js';

export const MAX_PAGE = 100;

/** Which page of a list to read. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 25, description: 'Page size, from 1 to 100.' })
  first!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'Return the items after this cursor, usually `pageInfo.endCursor` ' +
      'of the previous page. Null starts at the beginning.',
  })
  after?: string | null;
}

@ObjectType({ description: 'Where a page of a list ends, and whether another one follows.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more items follow this page.' })
  hasNextPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'Cursor of the last item on this page, to pass as `after` for the next page; null if the page is empty.',
  })
  endCursor!: string | null;
}

export interface Connection<Node> {
  edges: { cursor: string; node: Node }[];
  pageInfo: PageInfo;
  totalCount: number;
}

/** Creates the GraphQL classes of a connection of `node`, named after it: `RunConnection` and `RunEdge` for `Run`. */
export function connectionOf<Node extends object>(node: new () => Node, name: string) {
  @ObjectType(`${name}Edge`, { description: 'An item on a page of a list, with its cursor.' })
  class Edge {
    @Field(() => String, {
      description:
        'Position of the item in the list. Pass it as `after` to get the items that follow. ' +
        'It stays valid when items are added.',
    })
    cursor!: string;

    @Field(() => node, { description: `The ${words(name)} at this position in the list.` })
    node!: Node;
  }

  @ObjectType(`${name}Connection`, { description: 'A page of a list.' })
  class ConnectionType implements Connection<Node> {
    @Field(() => [Edge], { description: 'Items on this page, in order.' })
    edges!: Edge[];

    @Field(() => PageInfo, { description: 'Where this page ends, and whether another one follows.' })
    pageInfo!: PageInfo;

    @Field(() => Int, { description: 'Number of items on all pages.' })
    totalCount!: number;
  }
  return ConnectionType;
}

/** The name of a type as words: `audit entry` for `AuditEntry`. */
function words(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

/** @throws BAD_USER_INPUT unless 1 ≤ first ≤ 100 */
export function checkPageSize(first: number): void {
  if (first < 1 || first > MAX_PAGE) {
    throw badUserInput(`first must be between 1 and ${MAX_PAGE}; got ${first}. Use "after" to get more pages.`);
  }
}

/** A position in a sorted list: the row's sort key as text, and its id, which tells rows with equal keys apart. */
export interface Cursor {
  /** The sort order that the cursor belongs to. In another order, it would silently skip rows. */
  order: string;
  key: string;
  id: string;
}

function encodeCursor({ order, key, id }: Cursor): string {
  return Buffer.from(JSON.stringify([order, key, id])).toString('base64url');
}

/**
 * Reads a cursor of a list with this order and type of key.
 * @param isItem whether a text can be the id of an item of the list
 * @throws BAD_USER_INPUT for anything else
 */
export function decodeCursor(
  text: string,
  order: string,
  type: KeyType,
  isItem: (id: string) => boolean = isId,
): Cursor {
  const refusal = badUserInput(
    `after: ${shown(text)} is not a cursor of this list in this order; pass pageInfo.endCursor`,
  );
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    throw refusal;
  }
  if (!Array.isArray(parts) || parts.length !== 3) throw refusal;
  const [madeFor, key, id] = parts;
  if (madeFor !== order || typeof key !== 'string' || typeof id !== 'string') throw refusal;
  // Another list can have an order of the same name. Its keys have another type, and Postgres would fail to cast them.
  if (!isSortKey(key, type) || !isItem(id)) throw refusal;
  return { order, key, id };
}

/**
 * Makes a page from `first + 1` rows. The extra row only shows that there are more. A cursor holds the key of a row and not
 * its index, so that rows inserted in the meantime do not make others repeat or disappear.
 */
export function toConnection<Node>(
  rows: { node: Node; cursor: Cursor }[],
  first: number,
  totalCount: number,
): Connection<Node> {
  const edges = rows.slice(0, first).map(({ node, cursor }) => ({ node, cursor: encodeCursor(cursor) }));
  return {
    edges,
    pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null },
    totalCount,
  };
}
