import { useState } from 'react';
import { useQuery } from 'urql';
import { RunLabellingDocument, type RunLabellingQuery } from '../../../schema/generated/web/graphql.js';
import type { ClassInfo } from '../../charts/iou-bars.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { percent } from '../../format/format.js';
import { Overlay } from '../../samples/overlay.js';
import type { Sample } from '../../samples/sample.js';

type Reviewed = NonNullable<RunLabellingQuery['run']>;
type Image = Reviewed['labelNext'][number];
type Label = Reviewed['suspiciousLabels'][number];
type Pictures = NonNullable<Image['pictures']>;

const OPACITY = 0.65;
/** How many doubts of an image are listed. */
const DOUBTS_SHOWN = 3;

/** Which images to label next, and which labels may be wrong. Only a run that has completed says so. */
export function LabellingPanel({ runId, classes }: { runId: string; classes: ClassInfo[] }) {
  const [forClass, setForClass] = useState<string | null>(null);
  const [{ data, error }] = useQuery({ query: RunLabellingDocument, variables: { id: runId, forClass } });
  const run = data?.run;
  return (
    <section aria-labelledby="labelling-title">
      <div className="section-head">
        <h2 id="labelling-title">Which images to label next</h2>
        <label>
          For{' '}
          <select value={forClass ?? ''} onChange={(event) => setForClass(event.target.value || null)}>
            <option value="">all classes, rare ones above all</option>
            {classes.map(({ index, name }) => (
              <option key={index}>{name}</option>
            ))}
          </select>
        </label>
      </div>
      <Failure error={error} />
      {!run && !error && <Loading />}
      {run?.labelNext.length === 0 && <Empty title="This run has looked through no unlabelled images." />}
      {run && (
        <div className="samples">
          {run.labelNext.map((image) => (
            <article className="sample" key={image.imageId} aria-label={`Image ${image.imageId}`}>
              <p className="sample-id soft num">{imageWords(image, forClass)}</p>
              {image.pictures && <Tiles imageId={image.imageId} pictures={image.pictures} />}
            </article>
          ))}
        </div>
      )}
      {run && run.suspiciousLabels.length > 0 && (
        <>
          <h3>Labels that may be wrong</h3>
          <div className="samples">
            {run.suspiciousLabels.map((label) => (
              <article className="sample" key={label.imageId} aria-label={`Label of ${label.imageId}`}>
                <p className="sample-id soft num">{labelWords(label)}</p>
                {label.pictures && <Tiles imageId={label.imageId} pictures={label.pictures} />}
              </article>
            ))}
          </div>
        </>
      )}
    </section>
  );
}

function imageWords({ imageId, score, similarTo, disagreement, entropy, classes }: Image, forClass: string | null) {
  const expected = classes.find(({ name }) => name === forClass)?.expectedShare;
  return [
    `${imageId}: score ${percent(score)} %`,
    ...(expected === undefined ? [] : [`${percent(expected)} % of the pixels expected to be ${forClass}`]),
    ...(disagreement === null ? [] : [`networks disagree on ${percent(disagreement)} %`]),
    `entropy ${percent(entropy)} %`,
    ...(similarTo === null ? [] : [`similar to ${similarTo}`]),
  ].join(' · ');
}

function labelWords({ imageId, doubts }: Label) {
  const words = doubts.slice(0, DOUBTS_SHOWN).map(({ label, takenFor, pixels, left, top, labelProbability }) => {
    const place = `at x ${left}, y ${top}`;
    return `${pixels} pixels of ${label} ${place} look like ${takenFor} (${label}: ${percent(labelProbability)} %)`;
  });
  return `${imageId}: ${words.join(' · ')}`;
}

function Tiles({ imageId, pictures }: { imageId: string; pictures: Pictures }) {
  const { width, height, inputUrl, labelUrl, predictionUrl, differenceUrl } = pictures;
  const sample: Sample = {
    ...{ __typename: 'Sample', imageId, step: 0, width, height, inputUrl },
    ...{ groundTruthUrl: labelUrl, predictions: [] },
  };
  const tiles = [
    { key: 'input', label: 'Input', overlayUrl: null },
    { key: 'label', label: 'Label', overlayUrl: labelUrl },
    { key: 'prediction', label: 'Prediction', overlayUrl: predictionUrl },
    { key: 'difference', label: labelUrl ? 'Differs from the label' : 'Networks disagree', overlayUrl: differenceUrl },
  ].filter(({ key, overlayUrl }) => key === 'input' || overlayUrl !== null);
  return (
    <div className="sample-tiles">
      {tiles.map((tile) => (
        <figure className="tile" key={tile.key}>
          <Overlay sample={sample} tile={tile} opacity={OPACITY} view="classes" />
          <figcaption className="tile-label">{tile.label}</figcaption>
        </figure>
      ))}
    </div>
  );
}
