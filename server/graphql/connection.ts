import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import { type Cursor, type CursorKind, decodeCursor, encodeCursor } from './cursors.js';
import { refusal } from './errors.js';
import { isGiven } from './given.js';

export const MAX_PAGE = 100;
export const DEFAULT_PAGE = 25;

/** Which page of a list to read. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: `Return at most this many of the first items, from 1 to ${MAX_PAGE}. Default: ${DEFAULT_PAGE}, unless \`last\` is given.`,
  })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Return the items after this cursor, usually `pageInfo.endCursor` ' +
      'of the previous page. Null starts at the beginning.',
  })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: `Return at most this many of the last items, from 1 to ${MAX_PAGE}, in the same order. Not together with \`first\`.`,
  })
  last?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Return the items before this cursor, usually `pageInfo.startCursor` ' +
      'of the following page. Null continues to the end.',
  })
  before?: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'Where a page of a list begins and ends, and whether others precede and follow it.',
})
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more items follow this page.' })
  hasNextPage!: Lazy<boolean>;

  @Field(() => Boolean, { description: 'Whether more items precede this page.' })
  hasPreviousPage!: Lazy<boolean>;

  @Field(() => String, {
    nullable: true,
    description:
      'Cursor of the first item on this page, to pass as `before` for the previous page; null if the page is empty.',
  })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Cursor of the last item on this page, to pass as `after` for the next page; null if the page is empty.',
  })
  endCursor!: string | null;
}

/** For a list that has only a beginning. @throws BAD_USER_INPUT unless 1 ≤ first ≤ 100 */
export function checkPageSize(first: number): void {
  sliceOf({ first }, { order: '', type: 'text' });
}

/** A value, or a function that reads it when it is selected. A simple resolver calls it. */
type Lazy<T> = T | (() => Promise<T>);

export interface Connection<Node> {
  edges: { cursor: string; node: Node }[];
  pageInfo: PageInfo;
  totalCount: number;
}

/** Creates the GraphQL classes of a connection of `node`, named after it: `RunConnection` and `RunEdge` for `Run`. */
export function connectionOf<Node extends object>(node: new () => Node, name: string) {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: 'An item on a page of a list, with its cursor.' })
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

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: 'A page of a list.' })
  class ConnectionType implements Connection<Node> {
    @Field(() => [Edge], { description: 'Items on this page, in order.' })
    edges!: Edge[];

    @Field(() => PageInfo, {
      description: 'Where this page begins and ends, and whether others precede and follow it.',
    })
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

/** The rows of a sorted list that a page is made from: those between two positions, from one of the two ends. */
export interface Slice {
  after: Cursor | null;
  before: Cursor | null;
  /** Whether the items at the two positions count, too. */
  inclusive: boolean;
  /** Whether to read backwards, from the end of the slice. */
  backward: boolean;
  /** How many rows to read at most. */
  limit: number;
}

/**
 * The slice that a page is made from. It has one row more than the page, which only shows that there are more.
 * @throws BAD_USER_INPUT for both `first` and `last`, a size that is not from 1 to 100, and cursors of other lists
 */
export function sliceOf({ first, last, after, before }: PageArgs, kind: CursorKind): Slice {
  if (isGiven(first) && isGiven(last)) {
    throw refusal('FIRST_AND_LAST', { first, last });
  }
  const backward = isGiven(last);
  const size = last ?? first ?? DEFAULT_PAGE;
  if (size < 1 || size > MAX_PAGE) {
    const [field, cursor] = backward ? (['last', 'before'] as const) : (['first', 'after'] as const);
    throw refusal('PAGE_SIZE', { field, cursor, max: MAX_PAGE, value: size });
  }
  return {
    after: after ? decodeCursor('after', after, kind) : null,
    before: before ? decodeCursor('before', before, kind) : null,
    inclusive: false,
    backward,
    limit: size + 1,
  };
}

/** A row of a list, with its position. */
export interface Row<Node> {
  node: Node;
  cursor: Cursor;
}

/**
 * Makes a page from the rows of a slice, in the order in which they were read. A cursor holds the key of a row and not its
 * index, so that rows inserted in the meantime do not make others repeat or disappear.
 * @param hasRows whether the list has rows in a slice. It is called only if somebody asks for items beyond a cursor
 */
export function toConnection<Node>(
  rows: Row<Node>[],
  slice: Slice,
  totalCount: number,
  hasRows: (slice: Slice) => Promise<boolean>,
): Connection<Node> {
  const hasMore = rows.length === slice.limit;
  const page = hasMore ? rows.slice(0, -1) : rows;
  if (slice.backward) page.reverse();
  const edges = page.map(({ node, cursor }) => ({ node, cursor: encodeCursor(cursor) }));
  // A page begins or ends at the cursor that it was asked for, so all pages with these arguments lie between the same rows.
  const beyond = { after: null, before: null, inclusive: true, backward: false, limit: 1 };
  const hasEarlier = () => hasRows({ ...beyond, before: slice.after });
  const hasLater = () => hasRows({ ...beyond, after: slice.before });
  return {
    edges,
    pageInfo: {
      hasPreviousPage: (slice.backward && hasMore) || (slice.after !== null && hasEarlier),
      hasNextPage: (!slice.backward && hasMore) || (slice.before !== null && hasLater),
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount,
  };
}
