import { createStash } from './createStash.ts';
import { pluginApi } from './react.ts';

/** The Stash of this page; behind a reverse proxy its addresses begin with the page's `<base>`. */
export const stash = createStash({
  post: (body) =>
    fetch(new URL('graphql', document.baseURI), {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body,
    }),
  onStored: refreshOwnPages,
});

/** Stash's settings page sends back what it once read, of all plugins: it has to read again. */
function refreshOwnPages(): void {
  const document = pluginApi.GQL?.ConfigurationDocument;
  if (document === undefined) return;
  try {
    pluginApi.utils?.StashService?.getClient?.().refetchQueries?.({ include: [document] });
  } catch {
    // Only freshness of another page is lost.
  }
}
