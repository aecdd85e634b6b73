import type { GraphQLError } from 'graphql';

/** Why a document was not executed at all. */
export type RefusalCode = 'GRAPHQL_PARSE_FAILED' | 'GRAPHQL_VALIDATION_FAILED';

/** An error of a document that was not executed: where it is, and `extensions.code`. */
export function refusedError({ message, locations }: GraphQLError, code: RefusalCode): object {
  return { message, ...(locations && { locations }), extensions: { code } };
}

/** An error of a resolver: the way to its field, and **no** `locations`. */
export function resolverError({ message, path }: GraphQLError): object {
  return { message, ...(path && { path }) };
}
