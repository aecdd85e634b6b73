import type { ListingPage, PlexClient } from '../plex/PlexClient.ts';
import type { SceneOperation } from './Operation.ts';
import type { OperationLog } from './OperationLog.ts';

/** The same client, with each request's end noted by its kind. Each method is named here, so that a new one cannot slip through. */
export function watchPlex(plex: PlexClient, operations: OperationLog): PlexClient {
  const watched = async <T>(operation: SceneOperation, act: () => Promise<T>): Promise<T> => {
    try {
      const result = await act();
      operations.worked(operation);
      return result;
    } catch (error) {
      operations.failed(operation, error);
      throw error;
    }
  };
  /** A listing has worked when its reader has seen what it wanted. */
  async function* watchedPages(pages: AsyncIterable<ListingPage>): AsyncIterable<ListingPage> {
    let hasFailed = false;
    try {
      yield* pages;
    } catch (error) {
      hasFailed = true;
      operations.failed('listing', error);
      throw error;
    } finally {
      if (!hasFailed) operations.worked('listing');
    }
  }
  return {
    identity: (timeoutMs) => watched('library', () => plex.identity(timeoutMs)),
    sections: (timeoutMs) => watched('library', () => plex.sections(timeoutMs)),
    items: (ratingKeys) => watched('read', () => plex.items(ratingKeys)),
    checkFiles: (sectionKey, timeoutMs) => watched('library', () => plex.checkFiles(sectionKey, timeoutMs)),
    isEmpty: (sectionKey) => watched('library', () => plex.isEmpty(sectionKey)),
    longestEdit: () => plex.longestEdit(),
    rowsByFile: (sectionKey, fileName) => watched('filter', () => plex.rowsByFile(sectionKey, fileName)),
    pages: (sectionKey, order, purpose) => watchedPages(plex.pages(sectionKey, order, purpose)),
    edit: (sectionKey, ratingKey, fields) => watched('edit', () => plex.edit(sectionKey, ratingKey, fields)),
    unrate: (ratingKey) => watched('edit', () => plex.unrate(ratingKey)),
    uploadImage: (ratingKey, artwork, bytes, contentType) =>
      watched('picture', () => plex.uploadImage(ratingKey, artwork, bytes, contentType)),
    images: (ratingKey, artwork) => watched('picture', () => plex.images(ratingKey, artwork)),
    selectImage: (ratingKey, artwork, name) =>
      watched('picture', () => plex.selectImage(ratingKey, artwork, name)),
    deselectImage: (ratingKey, artwork) => watched('picture', () => plex.deselectImage(ratingKey, artwork)),
    // Whoever asks for a scan does not mind what becomes of it.
    scan: (sectionKey, folder) => plex.scan(sectionKey, folder),
    close: () => plex.close(),
  };
}
