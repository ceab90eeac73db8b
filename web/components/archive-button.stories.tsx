import type { Stories } from '../stories/stories.js';
import { ArchiveButton } from './archive-button.js';

const change = async () => undefined;

export const stories: Stories = {
  listed: () => <ArchiveButton archivedAt={null} change={change} />,
  archived: () => <ArchiveButton archivedAt="2026-12-01T00:00:00Z" change={change} />,
};
