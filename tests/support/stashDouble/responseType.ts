/** How Stash writes a GraphQL answer: the type depends on the client, and the status of a refused document on the type. */
export type GraphqlType = 'application/json' | 'application/graphql-response+json';

const JSON_TYPE = 'application/json';
const GRAPHQL_TYPE = 'application/graphql-response+json';

/**
 * The type of the answer for an `Accept` header: the first entry that Stash knows decides, everything else (also no
 * header and `*` + `/*`) gets the type of the GraphQL-over-HTTP specification.
 */
export function responseType(accept: string | undefined): GraphqlType {
  const offers = (accept ?? '').split(',').map((offer) => offer.split(';')[0]?.trim().toLowerCase());
  const known = offers.find((offer) =>
    [JSON_TYPE, GRAPHQL_TYPE, 'application/*', '*/*'].includes(offer ?? ''),
  );
  return known === JSON_TYPE ? JSON_TYPE : GRAPHQL_TYPE;
}

/** The status of a document that does not parse or validate, of wrong variables and of an unknown operation. */
export function refusalStatus(type: GraphqlType): number {
  return type === JSON_TYPE ? 422 : 400;
}
