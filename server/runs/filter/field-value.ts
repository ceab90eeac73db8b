/** The value of a field of a run; null if the run does not have it. */
export type FieldValue = string | number | boolean | Date | (string | number | boolean)[] | null;
