import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../context.js';
import type { Move } from './class-changes.js';
import type { ClassChangesService } from './class-changes.service.js';
import { ClassChange, ClassChanges, ClassChangesArgs, MovesArgs, PixelMove } from './class-changes.types.js';
import { checkTop } from './classes.inputs.js';

@Resolver(() => ClassChange)
export class ClassChangesResolver {
  constructor(
    private readonly services: {
      classChanges: ClassChangesService;
    },
  ) {}

  @Query(() => ClassChanges, {
    description:
      'What changed for each class from one evaluation to another: its IoU, and which pixels moved where. ' +
      'NOT_FOUND if one of them does not exist. BAD_USER_INPUT if they cover different images: those of another ' +
      'dataset or subset.',
  })
  classChanges(
    @Args(() => ClassChangesArgs) { from, to }: ClassChangesArgs,
    @Ctx() context: Context,
  ): Promise<ClassChanges> {
    return this.services.classChanges.between(context, from, to);
  }

  @FieldResolver(() => [PixelMove], {
    nullable: true,
    description:
      'Pixels of this class that are predicted as another class now and were not in the baseline, by that class; ' +
      'most pixels first. Null if the evaluations do not cover the same pixels.',
  })
  movedTo(@Root() { to, names }: ClassChange, @Args(() => MovesArgs) args: MovesArgs): PixelMove[] | null {
    return to && named(to, names, args);
  }

  @FieldResolver(() => [PixelMove], {
    nullable: true,
    description:
      'Pixels of other classes, by their true class, that are predicted as this class now and were not in the baseline; ' +
      'most pixels first. Null if the evaluations do not cover the same pixels.',
  })
  movedFrom(@Root() { from, names }: ClassChange, @Args(() => MovesArgs) args: MovesArgs): PixelMove[] | null {
    return from && named(from, names, args);
  }
}

function named(moves: readonly Move[], names: readonly string[], { top }: MovesArgs): PixelMove[] {
  checkTop(top);
  return moves.slice(0, top).map(({ other, pixels, share }) => ({ class: names[other]!, pixels, share }));
}
