import {
  type BreakingChange,
  BreakingChangeType,
  type DangerousChange,
  DangerousChangeType,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

/**
 * Everything that documents of the previous version may not survive: all breaking changes, except that what was deprecated in that
 * version may be gone, and changed defaults.
 */
export function refusedDifferences(previous: GraphQLSchema, current: GraphQLSchema): string[] {
  const deprecated = deprecatedIn(previous);
  const breaking = findBreakingChanges(previous, current).filter((change) => !isRemovalOf(change, deprecated));
  const defaults = findDangerousChanges(previous, current).filter(
    ({ type }) => type === DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE,
  );
  return [...breaking, ...defaults].map(({ description }: BreakingChange | DangerousChange) => description).sort();
}

/** What a version deprecates: where it is, as graphql-js's changes write it, and why. */
export function deprecatedIn(schema: GraphQLSchema): Map<string, string> {
  const found = new Map<string, string>();
  const add = (place: string, { deprecationReason }: { deprecationReason?: string | null }) => {
    if (deprecationReason !== undefined && deprecationReason !== null) found.set(place, deprecationReason);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isEnumType(type)) for (const value of type.getValues()) add(`${type.name}.${value.name}`, value);
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields())) add(`${type.name}.${field.name}`, field);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      add(`${type.name}.${field.name}`, field);
      for (const argument of field.args) add(`${type.name}.${field.name}(${argument.name}:)`, argument);
    }
  }
  return found;
}

const REMOVALS: Partial<Record<BreakingChangeType, RegExp>> = {
  [BreakingChangeType.FIELD_REMOVED]: /^(?<place>\S+) was removed\.$/,
  [BreakingChangeType.ARG_REMOVED]: /^(?<place>\S+) arg (?<argument>\S+) was removed\.$/,
  [BreakingChangeType.VALUE_REMOVED_FROM_ENUM]: /^(?<value>\S+) was removed from enum type (?<place>\S+)\.$/,
};

/** Types have no deprecation: one may go when nothing that stays uses it, so its removal is a breaking change like any other. */
function isRemovalOf({ type, description }: BreakingChange, deprecated: ReadonlyMap<string, string>): boolean {
  const { place, argument, value } = REMOVALS[type]?.exec(description)?.groups ?? {};
  if (place === undefined) return false;
  if (argument !== undefined) return deprecated.has(`${place}(${argument}:)`);
  return deprecated.has(value === undefined ? place : `${place}.${value}`);
}
