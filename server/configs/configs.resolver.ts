import { Args, Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.js';
import type { ConfigsService } from './configs.service.js';
import { CompareConfigsArgs, ConfigComparison } from './configs.types.js';

@Resolver()
export class ConfigsResolver {
  constructor(
    private readonly services: {
      configs: ConfigsService;
    },
  ) {}

  @Query(() => ConfigComparison, {
    description: 'The settings in which several runs differ, and the facts that their runners found.',
  })
  compareConfigs(
    @Args(() => CompareConfigsArgs) { runIds }: CompareConfigsArgs,
    @Ctx() context: Context,
  ): Promise<ConfigComparison> {
    return this.services.configs.compare(context, runIds);
  }
}
