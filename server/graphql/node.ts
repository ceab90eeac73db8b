import { Field, ID, InterfaceType } from 'type-graphql';

/** What `node(id)` finds. A class that implements it is an entity, and its module has an entry for it among its `nodes`. */
@InterfaceType({ description: 'An object that `Query.node` finds by its id alone.' })
export abstract class Node {
  @Field(() => ID, { description: 'Unique identifier, a UUID.' })
  id!: string;
}
