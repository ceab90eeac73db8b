import { t } from '../../messages/t.js';

interface Weighted {
  readonly classWeights?: readonly number[] | null | undefined;
  readonly logitOffsets?: readonly number[] | null | undefined;
}

/**
 * What a run's loss does with each class, such as "class weights: road 0.21, pole 10". Null if it treats all alike.
 * @param names of the classes, by class index
 */
export function lossWords({ classWeights, logitOffsets }: Weighted, names: readonly string[]): string | null {
  const values = classWeights ?? logitOffsets;
  if (!values) return null;
  const each = values.map(
    (value, index) => `${names[index] ?? t('run.classNumber', { index })} ${Number(value.toPrecision(3))}`,
  );
  const words = { values: each.join(', ') };
  return classWeights ? t('run.classWeights', words) : t('run.logitOffsets', words);
}
