/**
 * The address of an item in Plex Web.
 *
 * @param plexUrl the setting `plex_url`; user and password in it stay out of links.
 * @returns undefined when the setting is no address of a web server.
 */
export function plexWebLink(
  plexUrl: unknown,
  { serverId, ratingKey }: { serverId: string; ratingKey: string },
): string | undefined {
  if (typeof plexUrl !== 'string' || serverId === '' || ratingKey === '') return undefined;
  const text = plexUrl.trim().replace(/^["']|["']$/g, '');
  const base = originOf(
    /^[a-z][a-z\d+.-]*:/i.test(text) && !/^[^/]+:\d/.test(text) ? text : `http://${text}`,
  );
  if (base === undefined) return undefined;
  const key = encodeURIComponent(`/library/metadata/${ratingKey}`);
  return `${base}/web/index.html#!/server/${encodeURIComponent(serverId)}/details?key=${key}`;
}

/** Scheme, host, port and folder, without `/web` and what follows it. */
function originOf(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, host, pathname } = new URL(address);
  // Anything else, such as a script, is nothing to follow.
  if (!['http:', 'https:'].includes(protocol) || host === '') return undefined;
  return `${protocol}//${host}${pathname.replace(/\/web(\/.*)?$/, '').replace(/\/+$/, '')}`;
}
