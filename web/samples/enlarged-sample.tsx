import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { t } from '../messages/t.js';
import { Overlay } from './overlay.js';
import type { Sample, SampleView } from './sample.js';
import { tilesOf } from './tiles.js';

interface Props {
  sample: Sample;
  /** Key of the tile shown first. */
  first: string;
  opacity: number;
  view: SampleView;
  onClose: () => void;
}

/** One tile, as large as the window allows. ← and → move between the tiles of the same image; Escape closes. */
export function EnlargedSample({ sample, first, opacity, view, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const tiles = tilesOf(sample);
  const [key, setKey] = useState(first);
  useEffect(() => dialog.current?.showModal(), []);
  const index = Math.max(
    0,
    tiles.findIndex((tile) => tile.key === key),
  );
  const go = (by: number) => setKey(tiles[(index + by + tiles.length) % tiles.length]!.key);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') go(-1);
    if (event.key === 'ArrowRight') go(1);
  };
  // Limits both width and height without changing the aspect ratio.
  const width = `min(92vw, calc(78vh * ${sample.width} / ${sample.height}))`;
  return (
    <dialog
      ref={dialog}
      className="enlarged"
      aria-label={t('samples.image', { image: sample.imageId })}
      onClose={onClose}
      onKeyDown={onKeyDown}
    >
      <div style={{ width }}>
        <Overlay sample={sample} tile={tiles[index]!} opacity={opacity} view={view} />
      </div>
      <div className="enlarged-foot">
        <button type="button" onClick={() => go(-1)} aria-label={t('common.previous')}>
          ←
        </button>
        <strong>{tiles[index]!.label}</strong>
        <span className="soft num">{t('samples.atStep', { image: sample.imageId, step: sample.step })}</span>
        <button type="button" onClick={() => go(1)} aria-label={t('common.next')}>
          →
        </button>
        <button type="button" onClick={() => dialog.current?.close()}>
          {t('common.close')}
        </button>
      </div>
    </dialog>
  );
}
