/** The meaning of the values in a label file. */
export interface LabelValues {
  /** Indexed by value, 0 to 255: the class index, the dataset's ignore index or NO_CLASS. */
  meaning: Int16Array;
  /** For messages, such as "0 to 10, and 255 to ignore". */
  allowed: string;
}

/** Marks a value that is not allowed in a label. */
export const NO_CLASS = -1;

/** Labels whose values are class indices. */
export function classIndices(classCount: number, ignoreIndex: number): LabelValues {
  const meaning = new Int16Array(256).fill(NO_CLASS);
  for (let index = 0; index < classCount; index++) meaning[index] = index;
  meaning[ignoreIndex] = ignoreIndex;
  return { meaning, allowed: `0 to ${classCount - 1}, and ${ignoreIndex} to ignore` };
}
