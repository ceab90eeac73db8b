import { useEffect, useRef, useState } from 'react';
import { addressOf } from '../api/base.js';
import { t } from '../messages/t.js';
import { drawErrors } from './errors.js';
import type { Sample, SampleView } from './sample.js';
import type { Tile } from './tiles.js';

interface Props {
  sample: Sample;
  tile: Tile;
  /** Opacity of the label map over the input, in [0, 1]. */
  opacity: number;
  view: SampleView;
}

/**
 * The input with a label map over it. Label maps are palette PNGs in the dataset's colours, so the browser draws them.
 */
export function Overlay({ sample, tile, opacity, view }: Props) {
  const { width, height, inputUrl, groundTruthUrl } = sample;
  const prediction = tile.key !== 'input' && tile.key !== 'truth';
  const showErrors = view === 'errors' && prediction && groundTruthUrl !== null && tile.overlayUrl !== null;
  return (
    <span className="overlay" style={{ aspectRatio: `${width} / ${height}` }}>
      <img
        src={addressOf(inputUrl)}
        alt={t('samples.tileOf', { tile: tile.label, image: sample.imageId })}
        width={width}
        height={height}
      />
      {showErrors ? (
        <ErrorMap truthUrl={groundTruthUrl} predictionUrl={tile.overlayUrl!} opacity={opacity} />
      ) : (
        tile.overlayUrl && <img src={addressOf(tile.overlayUrl)} alt="" className="label-map" style={{ opacity }} />
      )}
    </span>
  );
}

function ErrorMap({ truthUrl, predictionUrl, opacity }: { truthUrl: string; predictionUrl: string; opacity: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [failed, setFailed] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    const color = getComputedStyle(document.documentElement).getPropertyValue('--error-pixel').trim();
    drawErrors(addressOf(truthUrl), addressOf(predictionUrl), color)
      .then((drawn) => {
        if (!wanted || !canvas.current) return;
        canvas.current.width = drawn.width;
        canvas.current.height = drawn.height;
        canvas.current.getContext('2d')!.putImageData(drawn, 0, 0);
        setFailed(null);
      })
      .catch((reason: Error) => wanted && setFailed(reason.message));
    return () => {
      wanted = false;
    };
  }, [truthUrl, predictionUrl]);
  if (failed) return <span className="overlay-failed">{failed}</span>;
  return <canvas ref={canvas} className="label-map" style={{ opacity }} />;
}
