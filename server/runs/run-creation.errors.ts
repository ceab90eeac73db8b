import { badUserInput } from '../graphql/errors.js';
import { shown } from '../graphql/texts.js';

export const noParent = (id: string) => badUserInput(`from: there is no run ${shown(id)}`);

export const noStudy = (id: string) => badUserInput(`studyId: there is no study ${shown(id)}`);
