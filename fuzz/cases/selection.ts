import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  Kind,
  print,
} from 'graphql';

/** Deep enough for the nodes of a page, and for the results of a single run. */
const DEPTH = 2;
/** A list repeats what is selected, and the server limits the cost of an operation. */
const DEPTH_OF_LISTS = 1;

/** What a document selects of a field: its leaves, and those of the objects in it. Empty for a leaf. */
export function selectionOf({ type }: GraphQLField<unknown, unknown>): string {
  return select(type, isList(type) ? DEPTH_OF_LISTS : DEPTH) ?? '';
}

const isList = (type: GraphQLOutputType): boolean => isListType(isNonNullType(type) ? type.ofType : type);

/** Null for an object that has nothing to select at this depth. */
function select(type: GraphQLOutputType, depth: number): string | null {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (!isObjectType(named) && !isInterfaceType(named)) throw new Error(`${named.name} is a union`);
  const fields = Object.values(named.getFields()).flatMap((field) => {
    if (field.args.some(isRequiredArgument)) return [];
    if (!isLeafType(getNamedType(field.type)) && depth === 0) return [];
    const inner = select(field.type, isList(field.type) ? Math.min(depth, DEPTH_OF_LISTS) - 1 : depth - 1);
    return inner === null ? [] : [`${field.name}${inner && ` ${inner}`}`];
  });
  return fields.length > 0 ? `{ ${fields.join(' ')} }` : null;
}

/** What the mutations of a document select of their root fields, by the name of the field. */
export function selectionsIn(document: DocumentNode): Map<string, string> {
  const selections = new Map<string, string>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION || definition.operation !== 'mutation') continue;
    for (const field of definition.selectionSet.selections) {
      if (field.kind !== Kind.FIELD || !field.selectionSet) continue;
      selections.set(field.name.value, print(field.selectionSet).replace(/\s+/g, ' '));
    }
  }
  return selections;
}
