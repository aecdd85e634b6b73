import type { StashClient } from '../stash/StashClient.ts';
import type { OperationLog } from './OperationLog.ts';

/** The same client, with each fetched image noted; scenes are read by the batch, so their reader knows more. */
export function watchStash(stash: StashClient, operations: OperationLog): StashClient {
  return {
    ...stash,
    async image(url) {
      try {
        const image = await stash.image(url);
        operations.worked('image');
        return image;
      } catch (error) {
        operations.failed('image', error);
        throw error;
      }
    },
  };
}
