import { Field, ObjectType, Query, Resolver } from 'type-graphql';

@ObjectType({ description: 'Facts about this server that can be read without a token.' })
export class ServerInfo {
  @Field(() => String, { description: 'Version of Crosscheck that the server runs.' })
  version!: string;

  @Field(() => Boolean, { description: 'Whether people need a token. Runners always need one.' })
  authRequired!: boolean;
}

@Resolver()
export class ServerResolver {
  constructor(
    private readonly services: {
      serverInfo: ServerInfo;
    },
  ) {}

  @Query(() => ServerInfo, { description: 'Version of the server, and whether people need a token. Needs no token.' })
  server(): ServerInfo {
    return this.services.serverInfo;
  }
}
