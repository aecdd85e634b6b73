import { onTestFinished } from 'vitest';
import { type StashDouble, type StashDoubleOptions, startStashDouble } from './startStashDouble.ts';

/** A GraphQL reply as a test sees it. */
export interface GraphqlAnswer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: T;
  readonly errors: readonly { readonly message: string }[] | undefined;
}

/** A double that is closed after the test. */
export async function testDouble(options: StashDoubleOptions = {}): Promise<StashDouble> {
  const double = await startStashDouble(options);
  onTestFinished(() => double.close());
  return double;
}

/** Posts a GraphQL document. */
export async function ask<T = unknown>(
  double: StashDouble,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<GraphqlAnswer<T>> {
  const response = await fetch(`${double.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const text = await response.text();
  const { data, errors } = text === '' ? {} : JSON.parse(text);
  return { status: response.status, headers: response.headers, data, errors };
}
