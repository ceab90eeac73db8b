import { Field, ID, InterfaceType } from 'type-graphql';

/** What `node(id)` finds. A class that implements it is an entity, and its module has an entry for it among its `nodes`. */
@InterfaceType({ description: 'Something with an id of its own, which `Query.node` finds by the id alone.' })
export abstract class Node {
  @Field(() => ID, { description: 'Unique identifier, a UUID.' })
  id!: string;
}
