import { MeDocument } from '../../schema/generated/web/graphql.js';
import { useRead } from './use-read.js';

/** Whether the person may change runs and studies, as everybody but a viewer may. False until the role is known. */
export function useMayEdit(): boolean {
  const { data } = useRead(MeDocument, {});
  return data !== undefined && data.me.role !== 'VIEWER';
}
