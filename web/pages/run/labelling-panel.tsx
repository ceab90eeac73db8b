import { useState } from 'react';
import { RunLabellingDocument, type RunLabellingQuery } from '../../../schema/generated/web/graphql.js';
import { useRead } from '../../api/use-read.js';
import type { ClassInfo } from '../../charts/iou-bars.js';
import { Empty, Failure, Loading } from '../../components/notice.js';
import { percent } from '../../format/format.js';
import { t } from '../../messages/t.js';
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
  const { data, error } = useRead(RunLabellingDocument, { id: runId, forClass });
  const run = data?.run;
  return (
    <section aria-labelledby="labelling-title">
      <div className="section-head">
        <h2 id="labelling-title">{t('labelling.title')}</h2>
        <label>
          {t('labelling.for')}{' '}
          <select value={forClass ?? ''} onChange={(event) => setForClass(event.target.value || null)}>
            <option value="">{t('labelling.allClasses')}</option>
            {classes.map(({ index, name }) => (
              <option key={index}>{name}</option>
            ))}
          </select>
        </label>
      </div>
      <Failure error={error} />
      {!run && !error && <Loading />}
      {run?.labelNext.length === 0 && <Empty title={t('labelling.none')} />}
      {run && (
        <div className="samples">
          {run.labelNext.map((image) => (
            <article className="sample" key={image.imageId} aria-label={t('labelling.image', { image: image.imageId })}>
              <p className="sample-id soft num">{imageWords(image, forClass)}</p>
              {image.pictures && <Tiles imageId={image.imageId} pictures={image.pictures} />}
            </article>
          ))}
        </div>
      )}
      {run && run.suspiciousLabels.length > 0 && (
        <>
          <h3>{t('labelling.suspicious')}</h3>
          <div className="samples">
            {run.suspiciousLabels.map((label) => (
              <article
                className="sample"
                key={label.imageId}
                aria-label={t('labelling.labelOf', { image: label.imageId })}
              >
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
    // A share of the pixels only if it is for a class.
    t('labelling.score', { image: imageId, score: forClass ? `${percent(score)} %` : score.toFixed(3) }),
    ...(expected === undefined ? [] : [t('labelling.expected', { share: percent(expected), class: forClass })]),
    ...(disagreement === null ? [] : [t('labelling.disagreement', { share: percent(disagreement) })]),
    t('labelling.entropy', { share: percent(entropy) }),
    ...(similarTo === null ? [] : [t('labelling.similar', { image: similarTo })]),
  ].join(' · ');
}

function labelWords({ imageId, doubts }: Label) {
  const words = doubts.slice(0, DOUBTS_SHOWN).map(({ label, takenFor, pixels, left, top, labelProbability }) => {
    return t('labelling.doubt', { pixels, label, left, top, takenFor, probability: percent(labelProbability) });
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
    { key: 'input', label: t('samples.input'), overlayUrl: null },
    { key: 'label', label: t('labelling.label'), overlayUrl: labelUrl },
    { key: 'prediction', label: t('labelling.prediction'), overlayUrl: predictionUrl },
    {
      key: 'difference',
      label: labelUrl ? t('labelling.differs') : t('labelling.disagree'),
      overlayUrl: differenceUrl,
    },
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
