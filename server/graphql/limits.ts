import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isIntrospectionType,
  isOutputType,
  Kind,
  type NamedTypeNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { costOf, costOfLeaf, fieldOf, type Variables, variablesOf } from './cost.js';
import { type AppError, refusal } from './errors.js';

/** Enough for GraphiQL's introspection query and every page of the dashboard. */
const MAX_DEPTH = 15;
const MAX_ALIASES = 50;
/**
 * Maximum number of fields in a response, estimated from the operation alone. A list counts as many items as its argument
 * says, such as `first` or `last`; without one, as many as such a list usually has (cost.ts). Twenty points of a metric, or
 * twenty numbers of a matrix, count as one field.
 */
const MAX_COST = 50_000;

interface Size {
  depth: number;
  aliases: number;
  cost: number;
}

const NOTHING: Size = { depth: 0, aliases: 0, cost: 0 };

/**
 * What is wrong with the size of an operation: too deep, too many aliases, or too costly for the values of its variables.
 * Nothing is resolved, and the document need not be valid.
 */
export function sizeProblems(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  given: Variables,
): AppError[] {
  const { depth, aliases, cost } = new Measure(document, variablesOf(operation, given), schema).of(
    operation.selectionSet,
    schema.getRootType(operation.operation) ?? undefined,
  );
  return [
    ...exceeded('depth', depth, MAX_DEPTH),
    ...exceeded('number of aliases', aliases, MAX_ALIASES),
    ...exceeded('cost', Math.ceil(cost), MAX_COST),
  ];
}

function exceeded(what: string, value: number, limit: number): AppError[] {
  if (value <= limit) return [];
  return [refusal('OPERATION_TOO_LARGE', { what, value, most: limit })];
}

class Measure {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The sizes of fragments by name. Without this, fragments that each spread the next one twice would take exponential time. */
  private readonly measured = new Map<string, Size>();

  constructor(
    document: DocumentNode,
    private readonly variables: Variables,
    private readonly schema: GraphQLSchema,
  ) {
    const fragments = document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
    this.fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  }

  of({ selections }: SelectionSetNode, parent: GraphQLOutputType | undefined): Size {
    const total: Size = { depth: 0, aliases: 0, cost: 0 };
    for (const selection of selections) {
      const size = this.ofSelection(selection, parent);
      total.depth = Math.max(total.depth, size.depth);
      total.aliases += size.aliases;
      total.cost += size.cost;
    }
    return total;
  }

  private ofSelection(selection: SelectionNode, parent: GraphQLOutputType | undefined): Size {
    if (selection.kind === Kind.FIELD) return this.ofField(selection, parent);
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      return this.of(selection.selectionSet, this.conditionOf(selection) ?? parent);
    }
    const name = selection.name.value;
    const fragment = this.fragments.get(name);
    if (!fragment) return NOTHING;
    const known = this.measured.get(name);
    if (known) return known;
    // Validation rejects fragments that contain themselves. This entry only keeps the recursion finite.
    this.measured.set(name, NOTHING);
    const size = this.of(fragment.selectionSet, this.conditionOf(fragment));
    this.measured.set(name, size);
    return size;
  }

  /** The type that a fragment applies to; undefined if it is not one of ours. Introspection costs little. */
  private conditionOf({ typeCondition }: { typeCondition?: NamedTypeNode | undefined }): GraphQLOutputType | undefined {
    const type = typeCondition && this.schema.getType(typeCondition.name.value);
    return type && isOutputType(type) && !isIntrospectionType(type) ? type : undefined;
  }

  private ofField(node: FieldNode, parent: GraphQLOutputType | undefined): Size {
    const field = fieldOf(node, parent);
    const place = `${parent && getNamedType(parent).name}.${node.name.value}`;
    const aliases = node.alias ? 1 : 0;
    if (!node.selectionSet) return { depth: 1, aliases, cost: costOfLeaf(field, place) };
    const inner = this.of(node.selectionSet, field?.type);
    return {
      depth: inner.depth + 1,
      aliases: inner.aliases + aliases,
      cost: costOf(node, field, place, inner.cost, this.variables),
    };
  }
}
