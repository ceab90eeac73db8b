import { UserError } from '../../../schema/exit-codes.js';

interface Pictured {
  pictures: Record<string, string | null> | null;
}

/** The same, with whole addresses of pictures instead of paths below the server's address. */
export function withAddresses<Image extends Pictured>(server: string, image: Image): Image {
  if (!image.pictures) return image;
  const base = server.replace(/\/$/, '');
  const addressed = Object.entries(image.pictures).map(([name, path]) => [name, path && base + path]);
  return { ...image, pictures: Object.fromEntries(addressed) };
}

/** @throws UserError for a run that has not completed, and so has not reviewed its images */
export function requireCompleted({ number, state }: { number: number; state: string }): void {
  if (state === 'COMPLETED') return;
  throw new UserError(`run ${number} is ${state.toLowerCase()}; a run reviews its images when it completes`);
}

/** Why a completed run may list no images. */
export const NOTHING_LISTED =
  'a run reviews none if training.reviewImages is 0, if it is very short, or if its runner is too old';
