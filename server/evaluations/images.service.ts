import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { type Context, inOrder } from '../context.js';
import type { DatasetClass } from '../datasets/dataset.entity.js';
import { BYTES_PER_NUMBER } from '../graphql/budget.js';
import { type Connection, checkPageSize, decodeCursor, toConnection } from '../graphql/connection.js';
import { badUserInput } from '../graphql/errors.js';
import { imageIdProblem } from '../graphql/ids.js';
import { OrderDirection } from '../runs/runs.inputs.js';
import { indicesOf } from './classes/class-names.js';
import type { Evaluation } from './evaluation.entity.js';
import type { EvaluationsService } from './evaluations.service.js';
import { ImageCounts } from './image-counts.js';
import { type EvaluationImageOrder, EvaluationImageOrderField, type EvaluationImagesArgs } from './images.inputs.js';
import type { ImagesRepository, StoredImages } from './images.repository.js';
import type { EvaluationImage } from './images.types.js';

const { IMAGE_ID, MEAN_IOU, PIXEL_ACCURACY, CLASS_IOU, MISSED_PIXELS, FALSE_PIXELS } = EvaluationImageOrderField;
/** What needs a class. */
const OF_CLASS: readonly EvaluationImageOrderField[] = [CLASS_IOU, MISSED_PIXELS, FALSE_PIXELS];
/** The worst images have the most of these. */
const MOST_IS_WORST: readonly EvaluationImageOrderField[] = [MISSED_PIXELS, FALSE_PIXELS];

/** After this many images, other requests get their turn: 10,000 images of 171 classes take 0.2 s. */
const IMAGES_PER_TURN = 500;

/** What to sort by, completed. */
interface Order {
  field: EvaluationImageOrderField;
  direction: OrderDirection;
  /** Null unless the field needs a class. */
  classIndex: number | null;
}

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
    { id: evaluationId, runId, step }: Evaluation,
    { first, after, orderBy }: EvaluationImagesArgs,
  ): Promise<Connection<EvaluationImage> | null> {
    checkPageSize(first);
    const [stored, classes] = await Promise.all([
      this.load(context, evaluationId),
      this.deps.evaluations.classes(context, runId),
    ]);
    // There are no classes if the run was deleted between two reads of one request.
    if (classes.length === 0) return null;
    const order = orderOf(orderBy, classes);
    const name = [order.field, order.classIndex ?? '', order.direction].join(' ');
    const cursor = after ? decodeCursor(after, name, 'float8', (id) => imageIdProblem(id) === null) : null;
    if (!stored) return null;
    // Each page scores all images, one page at a time: decoded counts take several times as much memory as stored ones.
    return context.budget.inTurn(async () => {
      context.budget.spend(stored.ids.length);
      const counts = new ImageCounts(stored.ids, stored.counts, classes.length);
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
          node: { ...imageOf(counts, image), runId, step },
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

function imageOf(counts: ImageCounts, image: number): Omit<EvaluationImage, 'runId' | 'step'> {
  const { classIous, meanIou, pixelAccuracy } = counts.scores(image);
  const confusion = counts.cells(image);
  const pixels = confusion.reduce((sum, cell) => sum + cell.pixels, 0);
  return { imageId: counts.ids[image]!, pixels, meanIou, pixelAccuracy, classIous, confusion };
}

/** What an image is sorted by. Those without a value come last. */
function keyOf(counts: ImageCounts, image: number, { field, direction, classIndex }: Order): number {
  if (field === IMAGE_ID) return 0;
  if (field === MISSED_PIXELS || field === FALSE_PIXELS) {
    const { truth, predicted, right } = counts.sums(image);
    return (field === MISSED_PIXELS ? truth : predicted)[classIndex!]! - right[classIndex!]!;
  }
  const scores = counts.scores(image);
  const values = { [MEAN_IOU]: scores.meanIou, [PIXEL_ACCURACY]: scores.pixelAccuracy };
  const value = field === CLASS_IOU ? scores.classIous[classIndex!] : values[field];
  return value ?? (direction === OrderDirection.ASC ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
}

function comparison({ direction }: Order): (a: Place, b: Place) => number {
  const sign = direction === OrderDirection.ASC ? 1 : -1;
  // The difference of two infinities is NaN: they are equal.
  return (a, b) => sign * (a.key - b.key || (a.id < b.id ? -1 : Number(a.id > b.id)));
}

function placeOf({ key, id }: { key: string; id: string }): Place {
  return { key: Number(key), id };
}

/** @throws BAD_USER_INPUT for an order that lacks a class, has one too many or has one that the dataset lacks */
function orderOf(given: EvaluationImageOrder | null | undefined, classes: readonly DatasetClass[]): Order {
  const { field, direction, classIndex, class: name } = given ?? { field: MEAN_IOU };
  const worstFirst = MOST_IS_WORST.includes(field) ? OrderDirection.DESC : OrderDirection.ASC;
  const order = { field, direction: direction ?? worstFirst };
  const [byIndex, byName] = [typeof classIndex === 'number', typeof name === 'string'];
  if (!OF_CLASS.includes(field)) {
    if (!byIndex && !byName) return { ...order, classIndex: null };
    throw badUserInput(`orderBy.${byName ? 'class' : 'classIndex'}: is only for ${OF_CLASS.join(', ')}; got ${field}`);
  }
  if (byIndex === byName) {
    throw badUserInput(`orderBy.class: ${field} needs a class; give either its name or its classIndex`);
  }
  if (byName) return { ...order, classIndex: indicesOf(classes, [name!], 'orderBy.class')[0]! };
  if (classIndex! >= 0 && classIndex! < classes.length) return { ...order, classIndex: classIndex! };
  throw badUserInput(
    `orderBy.classIndex: must be the index of a class, from 0 to ${classes.length - 1}; got ${classIndex}`,
  );
}
