import { randomStream } from '../../random/random.js';

/**
 * The endless order in which a stream visits its images: one shuffle per epoch. Positions can be requested in any
 * order.
 *
 * @param stream streams with the same name and seed have the same order
 * @param fixed whether all epochs have the order of the first one
 */
export function createOrder(
  ids: readonly string[],
  seed: number,
  stream: string,
  fixed = false,
): (position: number) => string {
  const sorted = [...ids].sort();
  // A batch may span the end of an epoch, so the two newest shuffles are kept.
  const epochs = new Map<number, string[]>();
  const epochOrder = (epoch: number): string[] => {
    const known = epochs.get(epoch);
    if (known) return known;
    if (epochs.size === 2) epochs.delete(epochs.keys().next().value!);
    const order = randomStream(seed, 'order', stream, epoch).shuffle(sorted);
    epochs.set(epoch, order);
    return order;
  };
  return (position) => {
    const epoch = fixed ? 0 : Math.floor(position / sorted.length);
    return epochOrder(epoch)[position % sorted.length]!;
  };
}
