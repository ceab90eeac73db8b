import { Fragment } from 'react';
import { SplitHash } from '../../components/split-hash.js';
import { Text } from '../../messages/text.js';
import { differentSplits, type SplitGroup, type SplitRun } from './splits.js';

/** Warns that the compared runs were trained on different images. */
export function DifferentSplits({ runs }: { runs: SplitRun[] }) {
  return differentSplits(runs).map(({ dataset, groups }) => (
    <p key={dataset} className="notice" role="note">
      <Text id="compare.differentImages" values={{ dataset, groups: () => <Groups groups={groups} /> }} />
    </p>
  ));
}

function Groups({ groups }: { groups: SplitGroup[] }) {
  return groups.map(({ splitHash, unlabelledList, numbers }, index) => (
    <Fragment key={numbers[0]}>
      {index > 0 && '; '}
      <Text
        id={unlabelledList === null ? 'compare.group' : 'compare.groupList'}
        values={{
          runs: numbers.map((number) => `#${number}`).join(', '),
          list: unlabelledList,
          hash: () => <SplitHash hash={splitHash} />,
        }}
      />
    </Fragment>
  ));
}
