import { Field, ObjectType, Query, Resolver } from 'type-graphql';

@ObjectType()
export class ServerInfo {
  @Field(() => String)
  version!: string;

  @Field(() => Boolean, { description: 'Whether people need a token; runners always do.' })
  authRequired!: boolean;
}

@Resolver()
export class ServerResolver {
  constructor(
    private readonly services: {
      serverInfo: ServerInfo;
    },
  ) {}

  @Query(() => ServerInfo)
  server(): ServerInfo {
    return this.services.serverInfo;
  }
}
