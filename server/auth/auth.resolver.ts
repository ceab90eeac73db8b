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

  @Mutation(() => NewToken, { description: 'Creates a token that lets machines register as runners.' })
  createRegistrationToken(
    @Arg('input', () => CreateRegistrationTokenInput, { description: 'Label, number of uses and expiry of the token.' })
    input: CreateRegistrationTokenInput,
  ): Promise<NewToken> {
    return this.services.auth.create('registration', input);
  }

  @Mutation(() => NewToken, { description: 'Creates a token for a person or a script. It never expires.' })
  createUserToken(
    @Arg('label', () => String, { description: 'What the token is for: a text of 1 to 128 characters.' }) label: string,
  ): Promise<NewToken> {
    return this.services.auth.create('user', { label });
  }
}
