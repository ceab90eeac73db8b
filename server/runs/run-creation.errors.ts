import { refusal } from '../graphql/errors.js';

export const noParent = (id: string) => refusal('PARENT_UNKNOWN', { id });

export const noStudy = (id: string) => refusal('STUDY_UNKNOWN', { id });
