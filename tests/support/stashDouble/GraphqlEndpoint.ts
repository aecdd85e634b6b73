import {
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { sceneResolvers } from './resolvers/sceneResolvers.ts';
import { configurationResolvers, jobResolvers } from './resolvers/systemResolvers.ts';
import type { RequestContext } from './SceneView.ts';
import type { StashState } from './StashState.ts';
import { stashSchema } from './schema/stashSchema.ts';

/** A GraphQL request as it was posted. */
export interface GraphqlRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>> | null;
  readonly operationName: string | null;
}

/** A status and a document to send as JSON. */
export interface GraphqlReply {
  readonly status: number;
  readonly body: object;
}

type Prepared = { readonly document: DocumentNode } | { readonly errors: readonly GraphQLError[] };

const CACHED_DOCUMENTS = 500;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads a request's body; undefined if it is not a JSON object (→ 400). */
export function readGraphqlRequest(body: Buffer): GraphqlRequest | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isObject(parsed)) return undefined;
  const { query, variables, operationName } = parsed;
  return {
    query: typeof query === 'string' ? query : '',
    variables: isObject(variables) ? variables : null,
    operationName: typeof operationName === 'string' && operationName !== '' ? operationName : null,
  };
}

function failure(status: number, ...errors: readonly GraphQLError[]): GraphqlReply {
  return { status, body: { errors, data: null } };
}

/** The reply to a body that is not JSON. */
export function badGraphqlRequest(): GraphqlReply {
  return failure(400, new GraphQLError('json request body could not be decoded'));
}

/** Parses, validates and executes GraphQL requests with the status codes of Stash's server (section 10). */
export class GraphqlEndpoint {
  readonly #schema: GraphQLSchema = stashSchema();
  readonly #rootValue: object;
  readonly #prepared = new Map<string, Prepared>();

  constructor(state: StashState) {
    this.#rootValue = { ...sceneResolvers(state), ...configurationResolvers(state), ...jobResolvers(state) };
  }

  /** Names of the root fields that a query asks for; empty if it does not parse. */
  rootFields(query: string): string[] {
    const prepared = this.#prepare(query);
    if (!('document' in prepared)) return [];
    return prepared.document.definitions
      .filter((node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION)
      .flatMap((operation) => operation.selectionSet.selections)
      .flatMap((selection) => (selection.kind === Kind.FIELD ? [selection.name.value] : []));
  }

  /** Answers a request. Syntax, validation and variable errors are 422; errors of resolvers 200. */
  async reply(request: GraphqlRequest, context: RequestContext): Promise<GraphqlReply> {
    const prepared = this.#prepare(request.query);
    if ('errors' in prepared) return failure(422, ...prepared.errors);
    const result = await execute({
      schema: this.#schema,
      document: prepared.document,
      rootValue: this.#rootValue,
      contextValue: context,
      variableValues: request.variables,
      operationName: request.operationName,
    });
    // Without `data` nothing was executed: the variables or the operation's name did not fit.
    if (result.data === undefined) return failure(422, ...(result.errors ?? []));
    return { status: 200, body: result };
  }

  #prepare(query: string): Prepared {
    const known = this.#prepared.get(query);
    if (known !== undefined) return known;
    const prepared = this.#parseAndValidate(query);
    if (this.#prepared.size >= CACHED_DOCUMENTS) this.#prepared.clear();
    this.#prepared.set(query, prepared);
    return prepared;
  }

  #parseAndValidate(query: string): Prepared {
    try {
      const document = parse(query);
      const errors = validate(this.#schema, document);
      return errors.length > 0 ? { errors } : { document };
    } catch (error) {
      return { errors: [error instanceof GraphQLError ? error : new GraphQLError(String(error))] };
    }
  }
}
