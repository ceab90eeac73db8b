import {
  type ASTVisitor,
  type FieldNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  isListType,
  isNonNullType,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { MAX_PAGE } from './connection.js';

/** Enough for GraphiQL's introspection query and every page of the dashboard. */
const MAX_DEPTH = 15;
const MAX_ALIASES = 50;
/** Maximum number of fields in a response. A list counts as `first` items if it has that argument, otherwise as ten. */
const MAX_COST = 50_000;
const LIST_LENGTH = 10;

/** Far more than any report of our agent needs. */
export const MAX_BODY = '8mb';
const MAX_WS_PAYLOAD_BYTES = 1024 * 1024;

export { MAX_WS_PAYLOAD_BYTES };

interface Size {
  depth: number;
  aliases: number;
  cost: number;
}

/**
 * The sizes of a document's fragments, by their name and the type that they are spread in. Without this, fragments that
 * each spread the next one twice would take exponential time.
 */
type Measured = Map<string, Size>;

const NOTHING: Size = { depth: 0, aliases: 0, cost: 0 };

/** Rejects documents that are too deep, have too many aliases or cost too much, before anything is resolved. */
export const limitsRule: ValidationRule = (context: ValidationContext): ASTVisitor => {
  const measured: Measured = new Map();
  return {
    OperationDefinition(operation) {
      const type = context.getSchema().getRootType(operation.operation);
      const { depth, aliases, cost } = measure(operation.selectionSet, type ?? undefined, context, measured);
      refuse(context, 'depth', depth, MAX_DEPTH);
      refuse(context, 'number of aliases', aliases, MAX_ALIASES);
      refuse(context, 'cost', cost, MAX_COST);
    },
  };
};

function refuse(context: ValidationContext, what: string, value: number, limit: number): void {
  if (value <= limit) return;
  context.reportError(
    new GraphQLError(`the operation's ${what} is ${value}; at most ${limit} is allowed`, {
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    }),
  );
}

function measure(
  selections: SelectionSetNode,
  parent: GraphQLOutputType | undefined,
  context: ValidationContext,
  measured: Measured,
): Size {
  const total: Size = { depth: 0, aliases: 0, cost: 0 };
  for (const selection of selections.selections) {
    const size = measureSelection(selection, parent, context, measured);
    total.depth = Math.max(total.depth, size.depth);
    total.aliases += size.aliases;
    total.cost += size.cost;
  }
  return total;
}

function measureSelection(
  selection: SelectionSetNode['selections'][number],
  parent: GraphQLOutputType | undefined,
  context: ValidationContext,
  measured: Measured,
): Size {
  if (selection.kind === Kind.FIELD) return measureField(selection, parent, context, measured);
  if (selection.kind === Kind.INLINE_FRAGMENT) return measure(selection.selectionSet, parent, context, measured);
  const name = selection.name.value;
  const fragment = context.getFragment(name);
  if (!fragment) return NOTHING;
  const key = `${parent && getNamedType(parent).name} ${name}`;
  const known = measured.get(key);
  if (known) return known;
  // Another rule rejects fragments that contain themselves. This entry only keeps the recursion finite.
  measured.set(key, NOTHING);
  const size = measure(fragment.selectionSet, parent, context, measured);
  measured.set(key, size);
  return size;
}

function measureField(
  field: FieldNode,
  parent: GraphQLOutputType | undefined,
  context: ValidationContext,
  measured: Measured,
): Size {
  const named = parent && getNamedType(parent);
  const fields = named && 'getFields' in named ? named.getFields() : {};
  const definition = fields[field.name.value] as GraphQLField<unknown, unknown> | undefined;
  const aliases = field.alias ? 1 : 0;
  if (!field.selectionSet) return { depth: 1, aliases, cost: 1 };
  const inner = measure(field.selectionSet, definition?.type, context, measured);
  return {
    depth: inner.depth + 1,
    aliases: inner.aliases + aliases,
    cost: 1 + inner.cost * repetitions(field, definition),
  };
}

/** How many times the field's selection may be resolved. For a connection, `first` counts at the field that has it. */
function repetitions(node: FieldNode, field: GraphQLField<unknown, unknown> | undefined): number {
  if (!field) return 1;
  const first = field.args.find(({ name }) => name === 'first');
  if (first) {
    const given = node.arguments?.find((argument) => argument.name.value === 'first')?.value;
    if (!given) return first.defaultValue as number;
    // The value of a variable is not known yet.
    return given.kind === Kind.INT ? Math.max(1, Number(given.value)) : MAX_PAGE;
  }
  const type = isNonNullType(field.type) ? field.type.ofType : field.type;
  return isListType(type) && field.name !== 'edges' ? LIST_LENGTH : 1;
}
