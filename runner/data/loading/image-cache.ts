import type { LabelledImage } from '../dataset.js';

export interface ImageCache {
  get(id: string): Promise<LabelledImage>;
  clear(): void;
}

/**
 * Keeps decoded images in memory until `limitBytes` is reached, and never evicts one. Every epoch visits each image
 * once; in that order, evicting the least recently used image would miss every time.
 */
export function createImageCache(load: (id: string) => Promise<LabelledImage>, limitBytes: number): ImageCache {
  const kept = new Map<string, Promise<LabelledImage>>();
  const loading = new Map<string, Promise<LabelledImage>>();
  let bytes = 0;

  const fetch = async (id: string): Promise<LabelledImage> => {
    try {
      const image = await load(id);
      const size = image.pixels.byteLength + image.labels.byteLength;
      if (bytes + size <= limitBytes) {
        bytes += size;
        kept.set(id, Promise.resolve(image));
      }
      return image;
    } finally {
      loading.delete(id);
    }
  };
  return {
    get(id) {
      const known = kept.get(id) ?? loading.get(id);
      if (known) return known;
      const image = fetch(id);
      loading.set(id, image);
      return image;
    },
    clear() {
      kept.clear();
      bytes = 0;
    },
  };
}
