import { randomStream } from '../../random/random.js';

/**
 * The endless order in which a stream visits its images: epoch after epoch, each a shuffle of its own. Any position can
 * be asked for at any time.
 *
 * @param stream streams of one name (and seed) have one order
 */
export function createOrder(ids: readonly string[], seed: number, stream: string): (position: number) => string {
  const sorted = [...ids].sort();
  // A batch may reach over the end of an epoch, no further back than one: the newest two shuffles are kept.
  const epochs = new Map<number, string[]>();
  const epochOrder = (epoch: number): string[] => {
    const known = epochs.get(epoch);
    if (known) return known;
    if (epochs.size === 2) epochs.delete(epochs.keys().next().value!);
    const order = randomStream(seed, 'order', stream, epoch).shuffle(sorted);
    epochs.set(epoch, order);
    return order;
  };
  return (position) => epochOrder(Math.floor(position / sorted.length))[position % sorted.length]!;
}
