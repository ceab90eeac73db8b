import { useEffect, useRef, useState } from 'react';
import { useQuery } from 'urql';
import { RunSamplesDocument, type RunState } from '../../schema/generated/web/graphql.js';
import { useThrottled } from '../api/use-throttled.js';
import type { ClassInfo } from '../charts/iou-bars.js';
import { Choice } from '../components/choice.js';
import { Empty, Failure, Loading } from '../components/notice.js';
import { Swatch } from '../components/swatch.js';
import { waitingWords } from '../format/waiting-words.js';
import { EnlargedSample } from './enlarged-sample.js';
import type { Sample, SampleView } from './sample.js';
import { SampleRow } from './sample-row.js';

const REFETCH_AT_MOST_EVERY_MS = 2000;

interface Props {
  runId: string;
  dataset: { classes: ClassInfo[] };
  /** Steps at which samples were stored, ascending. */
  steps: number[];
  state: RunState;
  /** Counts what was heard of the run: when it grows, there may be more samples. */
  changes: number;
}

/** Fixed validation images with what each network makes of them, at any step that was kept. */
export function SamplesPanel({ runId, dataset, steps, state, changes }: Props) {
  const [chosen, setChosen] = useState<number | null>(null);
  const [opacity, setOpacity] = useState(0.65);
  const [view, setView] = useState<SampleView>('classes');
  const [enlarged, setEnlarged] = useState<{ imageId: string; tile: string } | null>(null);
  const step = chosen ?? steps.at(-1) ?? null;
  const [{ data, error }, load] = useQuery({
    query: RunSamplesDocument,
    variables: { id: runId, step },
    pause: step === null,
  });
  // A step's images come one after the other, so they are asked for again while the run goes on.
  const refetch = useThrottled(() => load({ requestPolicy: 'network-only' }), REFETCH_AT_MOST_EVERY_MS);
  const any = step !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change says that there may be more
  useEffect(() => {
    if (any) refetch();
  }, [any, changes, refetch]);
  const shown = useRef<Sample[]>([]);
  if (data?.run && data.run.samples.length > 0) shown.current = data.run.samples;
  const samples = shown.current;
  const close = samples.find(({ imageId }) => imageId === enlarged?.imageId);

  return (
    <section aria-labelledby="samples-title">
      <div className="section-head">
        <h2 id="samples-title">Sample predictions</h2>
        {step !== null && (
          <>
            <label className="slider">
              Step
              <input
                type="range"
                min="0"
                max={steps.length - 1}
                value={Math.max(0, steps.indexOf(step))}
                aria-valuetext={`step ${step}`}
                onChange={(event) => {
                  const index = Number(event.target.value);
                  // At the right end the newest step is followed, whatever it will be.
                  setChosen(index === steps.length - 1 ? null : steps[index]!);
                }}
              />
              <output className="num">{chosen === null ? `${step}, newest` : step}</output>
            </label>
            <label className="slider">
              Opacity
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
            <Choice label="Show" value={view} onChange={setView} options={VIEWS} />
          </>
        )}
      </div>
      <Failure error={error} />
      {steps.length === 0 && <Empty title={waitingWords(state, 'sample predictions')} />}
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

const VIEWS = [
  ['classes', 'Classes'],
  ['errors', 'Errors'],
] as const;

function Legend({ classes, view }: { classes: ClassInfo[]; view: SampleView }) {
  return (
    <ul className="legend" aria-label="Classes and their colours">
      {view === 'errors' && (
        <li>
          <Swatch color="var(--error-pixel)" /> differs from the ground truth
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
