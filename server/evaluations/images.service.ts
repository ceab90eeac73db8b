import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { type Context, inOrder } from '../context.js';
import { BYTES_PER_NUMBER } from '../graphql/budget.js';
import { type Connection, checkPageSize, decodeCursor, toConnection } from '../graphql/connection.js';
import { badUserInput } from '../graphql/errors.js';
import { imageIdProblem } from '../graphql/ids.js';
import { OrderDirection } from '../runs/runs.inputs.js';
import type { Evaluation } from './evaluation.entity.js';
import type { EvaluationsService } from './evaluations.service.js';
import { ImageCounts } from './image-counts.js';
import { type EvaluationImageOrder, EvaluationImageOrderField, type EvaluationImagesArgs } from './images.inputs.js';
import type { ImagesRepository, StoredImages } from './images.repository.js';
import type { EvaluationImage } from './images.types.js';

const { IMAGE_ID, MEAN_IOU, PIXEL_ACCURACY, CLASS_IOU } = EvaluationImageOrderField;
const WORST_FIRST: EvaluationImageOrder = { field: MEAN_IOU, direction: OrderDirection.ASC };

/** After this many images, other requests get their turn: 10,000 images of 171 classes take 0.2 s. */
const IMAGES_PER_TURN = 500;

/** Where an image is in a sorted list. */
interface Place {
  key: number;
  id: string;
}

/** The images of evaluations. They are computed from their counts when they are read. */
export class ImagesService {
  constructor(
    private readonly deps: {
      repository: ImagesRepository;
      evaluations: EvaluationsService;
    },
  ) {}

  /**
   * A page of the images of an evaluation; null if they are not stored. Batched: one query reads those of many evaluations.
   * @throws BAD_USER_INPUT for an invalid page, cursor or order
   */
  async page(
    context: Context,
    { id: evaluationId, runId }: Evaluation,
    { first, after, orderBy }: EvaluationImagesArgs,
  ): Promise<Connection<EvaluationImage> | null> {
    checkPageSize(first);
    const order = orderBy ?? WORST_FIRST;
    const [stored, { length: classes }] = await Promise.all([
      this.load(context, evaluationId),
      this.deps.evaluations.classes(context, runId),
    ]);
    // There are no classes if the run was deleted between two reads of one request.
    if (classes > 0) checkOrder(order, classes);
    const name = [order.field, order.classIndex ?? '', order.direction].join(' ');
    const cursor = after ? decodeCursor(after, name, 'float8', (id) => imageIdProblem(id) === null) : null;
    if (!stored || classes === 0) return null;
    // Each page scores all images, one page at a time: decoded counts take several times as much memory as stored ones.
    return context.budget.inTurn(async () => {
      context.budget.spend(stored.ids.length);
      const counts = new ImageCounts(stored.ids, stored.counts, classes);
      const compare = comparison(order);
      const places: (Place & { image: number })[] = [];
      for (const [image, id] of stored.ids.entries()) {
        if (image % IMAGES_PER_TURN === IMAGES_PER_TURN - 1) await eventLoopTurn();
        places.push({ key: keyOf(counts, image, order), id, image });
      }
      const following = cursor ? places.filter((place) => compare(place, placeOf(cursor)) > 0) : places;
      const rows = following
        .sort(compare)
        .slice(0, first + 1)
        .map(({ key, id, image }) => ({
          node: imageOf(counts, image, runId),
          cursor: { order: name, key: String(key), id },
        }));
      return toConnection(rows, first, places.length);
    });
  }

  private load({ loaders, budget }: Context, evaluationId: string): Promise<StoredImages | null> {
    const loader = loaders.of<StoredImages>('evaluations.images', (ids) =>
      budget.inTurn(async () => {
        budget.spend(Math.ceil((await this.deps.repository.sizeOf(ids)) / BYTES_PER_NUMBER));
        return inOrder(ids, await this.deps.repository.of(ids), (row) => row.evaluationId);
      }),
    );
    return loader.load(evaluationId);
  }
}

function imageOf(counts: ImageCounts, image: number, runId: string): EvaluationImage {
  const { classIous, meanIou, pixelAccuracy } = counts.scores(image);
  const confusion = counts.cells(image);
  const pixels = confusion.reduce((sum, cell) => sum + cell.pixels, 0);
  return { imageId: counts.ids[image]!, pixels, meanIou, pixelAccuracy, runId, classIous, confusion };
}

/** What an image is sorted by. Those without a value come last. */
function keyOf(counts: ImageCounts, image: number, { field, direction, classIndex }: EvaluationImageOrder): number {
  if (field === IMAGE_ID) return 0;
  const scores = counts.scores(image);
  const values = { [MEAN_IOU]: scores.meanIou, [PIXEL_ACCURACY]: scores.pixelAccuracy };
  const value = field === CLASS_IOU ? scores.classIous[classIndex!] : values[field];
  return value ?? (direction === OrderDirection.ASC ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
}

function comparison({ direction }: EvaluationImageOrder): (a: Place, b: Place) => number {
  const sign = direction === OrderDirection.ASC ? 1 : -1;
  // The difference of two infinities is NaN: they are equal.
  return (a, b) => sign * (a.key - b.key || (a.id < b.id ? -1 : Number(a.id > b.id)));
}

function placeOf({ key, id }: { key: string; id: string }): Place {
  return { key: Number(key), id };
}

function checkOrder({ field, classIndex }: EvaluationImageOrder, classes: number): void {
  const isGiven = typeof classIndex === 'number';
  if (field !== CLASS_IOU) {
    if (isGiven) throw badUserInput(`orderBy.classIndex: is only for CLASS_IOU; got ${classIndex} with ${field}`);
  } else if (!isGiven || classIndex < 0 || classIndex >= classes) {
    const given = isGiven ? classIndex : 'none';
    throw badUserInput(`orderBy.classIndex: must be the index of a class, from 0 to ${classes - 1}; got ${given}`);
  }
}
