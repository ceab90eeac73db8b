/** What a value can be compared with. A time is a text in ISO 8601. */
export type ValueType = 'text' | 'number' | 'boolean' | 'time';

export interface FieldType {
  /** Some settings have one of several types. */
  types: readonly ValueType[];
  /** The only texts that a run can have. */
  values?: readonly string[];
  /** Whether `values` ignore case; they are then returned as they are written here. */
  ignoresCase?: boolean;
  /** Whether the field has several values. A comparison is true if it is for one of them. */
  isList?: boolean;
}

/** Whether each value of the field is one number, so that there can be a mean of them. */
export const isNumber = ({ types, isList }: FieldType): boolean =>
  !isList && types.length === 1 && types[0] === 'number';

/** The names that a filter may use. A list that is null is not known here: every name passes. */
export interface FilterCatalog {
  /** Fields of the run. */
  fields: ReadonlyMap<string, FieldType>;
  /** Settings of configurations, by path, such as `network.width`. */
  settings: ReadonlyMap<string, FieldType>;
  series: readonly string[] | null;
  classes: readonly string[] | null;
  networks: readonly string[];
  subsets: readonly string[];
  alarms: readonly string[];
}
