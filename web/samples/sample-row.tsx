import { Overlay } from './overlay.js';
import type { Sample, SampleView } from './sample.js';
import { tilesOf } from './tiles.js';

interface Props {
  sample: Sample;
  opacity: number;
  view: SampleView;
  /** Given the tile's key. */
  onEnlarge: (tile: string) => void;
}

/** One image: input, ground truth, and every network's prediction, side by side. */
export function SampleRow({ sample, opacity, view, onEnlarge }: Props) {
  return (
    <article className="sample" aria-label={`Image ${sample.imageId}`}>
      <p className="sample-id soft">{sample.imageId}</p>
      <div className="sample-tiles">
        {tilesOf(sample).map((tile) => (
          <button
            type="button"
            className="tile"
            key={tile.key}
            aria-label={`Enlarge ${tile.label} of ${sample.imageId}`}
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
