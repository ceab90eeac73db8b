import { useRef, useState } from 'react';
import type { RunState } from '../../schema/generated/web/graphql.js';
import type { ClassInfo } from '../charts/iou-bars.js';
import { Choice } from '../components/choice.js';
import { Empty, Failure, Loading } from '../components/notice.js';
import { Swatch } from '../components/swatch.js';
import { waitingWords } from '../format/waiting-words.js';
import { t } from '../messages/t.js';
import { EnlargedSample } from './enlarged-sample.js';
import type { Sample, SampleView } from './sample.js';
import { SampleRow } from './sample-row.js';
import { useSamples } from './use-samples.js';

interface Props {
  runId: string;
  dataset: { classes: ClassInfo[] };
  /** Steps at which samples were stored, ascending. */
  steps: number[];
  state: RunState;
}

/** Fixed validation images and each network's predictions for them, at any stored step. */
export function SamplesPanel({ runId, dataset, steps, state }: Props) {
  const [chosen, setChosen] = useState<number | null>(null);
  const [opacity, setOpacity] = useState(0.65);
  const [view, setView] = useState<SampleView>('classes');
  const [enlarged, setEnlarged] = useState<{ imageId: string; tile: string } | null>(null);
  const step = chosen ?? steps.at(-1) ?? null;
  const { samples: read, error } = useSamples(runId, step);
  // Those of the step before stay until the first ones of this step are here, so that the page does not jump.
  const shown = useRef<Sample[]>([]);
  if (read && read.length > 0) shown.current = read;
  const samples = shown.current;
  const close = samples.find(({ imageId }) => imageId === enlarged?.imageId);

  return (
    <section aria-labelledby="samples-title">
      <div className="section-head">
        <h2 id="samples-title">{t('samples.title')}</h2>
        {step !== null && (
          <>
            <label className="slider">
              {t('common.step')}
              <input
                type="range"
                min="0"
                max={steps.length - 1}
                value={Math.max(0, steps.indexOf(step))}
                aria-valuetext={t('samples.stepValue', { step })}
                onChange={(event) => {
                  const index = Number(event.target.value);
                  // At the right end, the panel follows the newest step.
                  setChosen(index === steps.length - 1 ? null : steps[index]!);
                }}
              />
              <output className="num">{chosen === null ? t('samples.stepNewest', { step }) : step}</output>
            </label>
            <label className="slider">
              {t('samples.opacity')}
              <input
                type="range"
                min="0"
                max="1"
                step="0.05"
                value={opacity}
                onChange={(event) => setOpacity(Number(event.target.value))}
              />
              <output className="num">{Math.round(opacity * 100)}%</output>
            </label>
            <Choice label={t('common.show')} value={view} onChange={setView} options={viewChoices()} />
          </>
        )}
      </div>
      <Failure error={error} />
      {steps.length === 0 && <Empty title={waitingWords(state, 'samples')} />}
      {steps.length > 0 && samples.length === 0 && !error && <Loading />}
      {samples.length > 0 && (
        <>
          <Legend classes={dataset.classes} view={view} />
          <div className="samples">
            {samples.map((sample) => (
              <SampleRow
                key={sample.imageId}
                sample={sample}
                opacity={opacity}
                view={view}
                onEnlarge={(tile) => setEnlarged({ imageId: sample.imageId, tile })}
              />
            ))}
          </div>
        </>
      )}
      {close && enlarged && (
        <EnlargedSample
          sample={close}
          first={enlarged.tile}
          opacity={opacity}
          view={view}
          onClose={() => setEnlarged(null)}
        />
      )}
    </section>
  );
}

const viewChoices = () =>
  [
    ['classes', t('samples.classes')],
    ['errors', t('samples.errors')],
  ] as const;

function Legend({ classes, view }: { classes: ClassInfo[]; view: SampleView }) {
  return (
    <ul className="legend" aria-label={t('samples.legend')}>
      {view === 'errors' && (
        <li>
          <Swatch color="var(--error-pixel)" /> {t('samples.differs')}
        </li>
      )}
      {classes.map(({ index, name, color }) => (
        <li key={index}>
          <Swatch color={color} /> {name}
        </li>
      ))}
    </ul>
  );
}
