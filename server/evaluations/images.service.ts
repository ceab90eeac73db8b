import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import { type Context, inOrder } from '../context.js';
import type { DatasetClass } from '../datasets/dataset.entity.js';
import { BYTES_PER_NUMBER } from '../graphql/budget.js';
import { type Connection, type Slice, sliceOf, toConnection } from '../graphql/connection.js';
import { refusal } from '../graphql/errors.js';
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
    { orderBy, ...args }: EvaluationImagesArgs,
  ): Promise<Connection<EvaluationImage> | null> {
    const [stored, classes] = await Promise.all([
      this.load(context, evaluationId),
      this.deps.evaluations.classes(context, runId),
    ]);
    // There are no classes if the run was deleted between two reads of one request.
    if (classes.length === 0) return null;
    const order = orderOf(orderBy, classes);
    const name = [order.field, order.classIndex ?? '', order.direction].join(' ');
    const slice = sliceOf(args, { order: name, type: 'float8', isItem: (id) => imageIdProblem(id) === null });
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
      const found = within(places, slice, compare).sort((a, b) => (slice.backward ? compare(b, a) : compare(a, b)));
      const rows = found.slice(0, slice.limit).map(({ key, id, image }) => ({
        node: { ...imageOf(counts, image), runId, step },
        cursor: { order: name, key: String(key), id },
      }));
      return toConnection(rows, slice, places.length, async (other) => within(places, other, compare).length > 0);
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

/** The places of a slice, as a new list in the same order. */
function within<P extends Place>(
  places: P[],
  { after, before, inclusive }: Slice,
  compare: (a: Place, b: Place) => number,
): P[] {
  const isBeyond = (difference: number) => difference > 0 || (inclusive && difference === 0);
  const [from, to] = [after && placeOf(after), before && placeOf(before)];
  return places.filter((place) => (!from || isBeyond(compare(place, from))) && (!to || isBeyond(compare(to, place))));
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
    throw refusal('ORDER_TAKES_NO_CLASS', {
      field: `orderBy.${byName ? 'class' : 'classIndex'}`,
      orders: OF_CLASS,
      order: field,
    });
  }
  if (byIndex === byName) {
    throw refusal('ORDER_NEEDS_CLASS', { order: field });
  }
  if (byName) return { ...order, classIndex: indicesOf(classes, [name!], 'orderBy.class')[0]! };
  if (classIndex! >= 0 && classIndex! < classes.length) return { ...order, classIndex: classIndex! };
  throw refusal('ORDER_CLASS_INVALID', { max: classes.length - 1, classIndex: classIndex ?? null });
}
