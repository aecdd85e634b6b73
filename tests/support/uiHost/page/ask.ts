/** Asks the double's GraphQL, as Stash's own pages do. */
export async function ask<Data>(query: string, variables: object = {}): Promise<Data> {
  const response = await fetch(new URL('graphql', document.baseURI), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data } = (await response.json()) as { data: Data };
  return data;
}

type PluginMaps = Record<string, Record<string, unknown>>;

/** Apollo's cache of the configuration, as far as it counts here. */
export const configuration = {
  plugins: undefined as PluginMaps | undefined,
  async read(): Promise<PluginMaps> {
    this.plugins ??= await this.fetch();
    return this.plugins;
  },
  async fetch(): Promise<PluginMaps> {
    const data = await ask<{ configuration: { plugins: PluginMaps } }>('{ configuration { plugins } }');
    this.plugins = data.configuration.plugins;
    return this.plugins;
  },
};
