import { t } from '../messages/t.js';
import { Overlay } from './overlay.js';
import type { Sample, SampleView } from './sample.js';
import { tilesOf } from './tiles.js';

interface Props {
  sample: Sample;
  opacity: number;
  view: SampleView;
  /** Called with the tile's key. */
  onEnlarge: (tile: string) => void;
}

/** One image: the input, the ground truth and each network's prediction, side by side. */
export function SampleRow({ sample, opacity, view, onEnlarge }: Props) {
  return (
    <article className="sample" aria-label={t('samples.image', { image: sample.imageId })}>
      <p className="sample-id soft">{sample.imageId}</p>
      <div className="sample-tiles">
        {tilesOf(sample).map((tile) => (
          <button
            type="button"
            className="tile"
            key={tile.key}
            aria-label={t('samples.enlarge', { tile: tile.label, image: sample.imageId })}
            onClick={() => onEnlarge(tile.key)}
          >
            <Overlay sample={sample} tile={tile} opacity={opacity} view={view} />
            <span className="tile-label">{tile.label}</span>
          </button>
        ))}
      </div>
    </article>
  );
}
