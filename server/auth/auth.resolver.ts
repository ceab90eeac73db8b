import { Arg, Mutation, Resolver } from 'type-graphql';
import type { AuthService } from './auth.service.js';
import { CreateRegistrationTokenInput, NewToken } from './auth.types.js';

@Resolver()
export class AuthResolver {
  constructor(
    private readonly services: {
      auth: AuthService;
    },
  ) {}

  @Mutation(() => NewToken)
  createRegistrationToken(
    @Arg('input', () => CreateRegistrationTokenInput) input: CreateRegistrationTokenInput,
  ): Promise<NewToken> {
    return this.services.auth.create('registration', input);
  }

  @Mutation(() => NewToken)
  createUserToken(@Arg('label', () => String) label: string): Promise<NewToken> {
    return this.services.auth.create('user', { label });
  }
}
