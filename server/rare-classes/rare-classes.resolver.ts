import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.js';
import { Dataset, DatasetClass } from '../datasets/dataset.entity.js';
import type { RareClassesService } from './rare-classes.service.js';

@Resolver(() => Dataset)
export class RareClassesResolver {
  constructor(
    private readonly services: {
      rareClasses: RareClassesService;
    },
  ) {}

  @FieldResolver(() => [DatasetClass], {
    nullable: true,
    description:
      'The classes with less than 0.4 times the pixels of the median class, by index: in all training labels if ' +
      '`facts` has them, otherwise in those of the validation images, once a run is completed. Null if neither is known.',
  })
  async rareClasses(@Root() { id, classes }: Dataset, @Ctx() context: Context): Promise<DatasetClass[] | null> {
    const rare = await this.services.rareClasses.load(context, id);
    return rare?.map((index) => classes[index]!) ?? null;
  }
}
