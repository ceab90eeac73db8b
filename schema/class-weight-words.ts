interface Weighted {
  readonly classWeights?: readonly number[] | null | undefined;
  readonly logitOffsets?: readonly number[] | null | undefined;
}

/**
 * What a run's loss does with each class, such as `class weights: road 0.21, pole 10`. Null if it treats all alike.
 * @param names of the classes, by class index
 */
export function classWeightWords({ classWeights, logitOffsets }: Weighted, names: readonly string[]): string | null {
  const values = classWeights ?? logitOffsets;
  if (!values) return null;
  const each = values.map((value, index) => `${names[index] ?? `class ${index}`} ${Number(value.toPrecision(3))}`);
  return `${classWeights ? 'class weights' : 'offsets of logits'}: ${each.join(', ')}`;
}
