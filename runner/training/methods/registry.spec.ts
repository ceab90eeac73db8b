import { expect, test } from 'vitest';
import { type MethodConfig, methodConfig, trainsOnUnlabelled, trainsTwoNetworks } from '../../../schema/run-config.js';
import { createMethod } from './registry.js';

const withEveryDefault = methodConfig.options.map((option) => methodConfig.parse({ name: option.shape.name.value }));
const onOneKind = (['labelled', 'unlabelled'] as const).map((on) => methodConfig.parse({ name: 'cps', on }));

test.each<MethodConfig>([...withEveryDefault, ...onOneKind])(
  'a configuration without unlabelled images is refused if and only if its method reads them: %j',
  (method) => {
    const { unlabelled, mix } = createMethod(method).streams;
    expect(trainsOnUnlabelled(method)).toBe(unlabelled || mix !== false);
  },
);

test.each<MethodConfig>(withEveryDefault)(
  'a second network is accepted if and only if its method has two: %j',
  (method) => {
    expect(trainsTwoNetworks(method)).toBe(createMethod(method).branches === 2);
  },
);

test.each([
  [false, 'own order'],
  [true, 'same order'],
] as const)('with sameOrder %s, CPS + CutMix and UniMatch use a mix stream in its %s', (sameOrder, mix) => {
  for (const name of ['cps_cutmix', 'unimatch'] as const) {
    expect(createMethod(methodConfig.parse({ name, sameOrder })).streams.mix).toBe(mix);
  }
});
