import { registerEnumType } from 'type-graphql';

export enum RunPhase {
  PREPARING = 'PREPARING',
  TRAINING = 'TRAINING',
  EVALUATING = 'EVALUATING',
  UPLOADING = 'UPLOADING',
}

registerEnumType(RunPhase, {
  name: 'RunPhase',
  description: 'What a runner is doing with a run. More values may follow.',
  valuesConfig: {
    PREPARING: {
      description: 'It downloads the checkpoint, opens and checks the dataset, and sets up the networks.',
    },
    TRAINING: { description: 'It trains the networks, or writes a checkpoint.' },
    EVALUATING: { description: 'It evaluates the networks, or predicts the samples.' },
    UPLOADING: {
      description:
        'Training has stopped, and the runner sends what the server does not have yet, such as the last checkpoint.',
    },
  },
});
