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
import { databaseError } from './databaseCondition.ts';
import { type RefusalCode, refusedError, resolverError } from './graphqlErrors.ts';
import { entityResolvers } from './resolvers/entityResolvers.ts';
import { pluginResolvers } from './resolvers/pluginResolvers.ts';
import { sceneResolvers } from './resolvers/sceneResolvers.ts';
import { configurationResolvers, jobResolvers } from './resolvers/systemResolvers.ts';
import { type GraphqlType, refusalStatus } from './responseType.ts';
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

type Prepared = { readonly document: DocumentNode } | { readonly errors: readonly object[] };

/** How to answer one request. */
export interface AnswerOptions {
  readonly type: GraphqlType;
  /** Every root field fails with this message, as when the database does not answer. */
  readonly resolverError?: string | undefined;
}

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

function failure(status: number, errors: readonly object[]): GraphqlReply {
  return { status, body: { errors, data: null } };
}

function refusedErrors(errors: readonly GraphQLError[], code: RefusalCode): object[] {
  return errors.map((error) => refusedError(error, code));
}

/** The same fields, each of which fails. */
function failing(fields: object, message: string): object {
  const fail = () => {
    throw new Error(message);
  };
  return Object.fromEntries(Object.keys(fields).map((name) => [name, fail]));
}

/** The reply to a body that is not JSON. */
export function badGraphqlRequest(): GraphqlReply {
  return failure(400, [{ message: 'json request body could not be decoded' }]);
}

/** Parses, validates and executes GraphQL requests with the status codes of Stash's server (section 10). */
export class GraphqlEndpoint {
  readonly #schema: GraphQLSchema = stashSchema();
  readonly #state: StashState;
  readonly #scenes: object;
  readonly #system: object;
  readonly #prepared = new Map<string, Prepared>();

  constructor(state: StashState) {
    this.#state = state;
    this.#scenes = { ...sceneResolvers(state), ...entityResolvers(state) };
    this.#system = { ...configurationResolvers(state), ...jobResolvers(state), ...pluginResolvers(state) };
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

  /**
   * Answers a request. A document that was not executed (syntax, validation, variables, operation) is 422, or 400 for
   * clients that take `application/graphql-response+json`; errors of resolvers are 200.
   */
  async reply(
    request: GraphqlRequest,
    context: RequestContext,
    options: AnswerOptions,
  ): Promise<GraphqlReply> {
    const prepared = this.#prepare(request.query);
    if ('errors' in prepared) return failure(refusalStatus(options.type), prepared.errors);
    const { data, errors } = await execute({
      schema: this.#schema,
      document: prepared.document,
      rootValue: this.#rootValue(options.resolverError),
      contextValue: context,
      variableValues: request.variables,
      operationName: request.operationName,
    });
    // Without `data` nothing was executed: the variables or the operation's name did not fit.
    if (data === undefined) {
      return failure(refusalStatus(options.type), refusedErrors(errors ?? [], 'GRAPHQL_VALIDATION_FAILED'));
    }
    return {
      status: 200,
      body: errors === undefined ? { data } : { errors: errors.map(resolverError), data },
    };
  }

  /** What is not in the database (configuration, jobs, status) answers also while the database does not. */
  #rootValue(resolverError: string | undefined): object {
    if (resolverError !== undefined) {
      return failing({ ...this.#scenes, ...this.#system }, resolverError);
    }
    const trouble = databaseError(this.#state.database.condition);
    return { ...(trouble === null ? this.#scenes : failing(this.#scenes, trouble)), ...this.#system };
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
      return errors.length > 0
        ? { errors: refusedErrors(errors, 'GRAPHQL_VALIDATION_FAILED') }
        : { document };
    } catch (error) {
      const syntax = error instanceof GraphQLError ? error : new GraphQLError(String(error));
      return { errors: refusedErrors([syntax], 'GRAPHQL_PARSE_FAILED') };
    }
  }
}
