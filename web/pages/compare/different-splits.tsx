import { Fragment } from 'react';
import { SplitHash } from '../../components/split-hash.js';
import { differentSplits, type SplitRun } from './splits.js';

/** Warns that the compared runs were trained on different images. */
export function DifferentSplits({ runs }: { runs: SplitRun[] }) {
  return differentSplits(runs).map(({ dataset, groups }) => (
    <p key={dataset} className="notice" role="note">
      On {dataset}, these runs were trained on different images, so the method is not the only difference:{' '}
      {groups.map(({ splitHash, unlabelledList, numbers }, index) => (
        <Fragment key={numbers[0]}>
          {index > 0 && '; '}
          {numbers.map((number) => `#${number}`).join(', ')} on split <SplitHash hash={splitHash} />
          {unlabelledList !== null && ` with the unlabelled images in ${unlabelledList}`}
        </Fragment>
      ))}
      .
    </p>
  ));
}
