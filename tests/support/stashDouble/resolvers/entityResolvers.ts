import { type FindEntitiesArgs, findEntities } from '../findEntities.ts';
import { parseSceneId } from '../findScenes.ts';
import type { StashState } from '../StashState.ts';

type Listing = Omit<FindEntitiesArgs, 'by'>;
type Filter = NonNullable<FindEntitiesArgs['by']> | null;

/** The resolvers of tags and studios, for the root value. */
export function entityResolvers({ scenes: { tags, studios } }: StashState) {
  return {
    findTag: ({ id }: { id: string }) => tags.find(parseSceneId(id)) ?? null,
    findTags: ({ tag_filter: by = null, ...listing }: Listing & { readonly tag_filter?: Filter }) => {
      const { count, found } = findEntities(tags, { ...listing, by });
      return { count, tags: found };
    },
    findStudio: ({ id }: { id: string }) => studios.find(parseSceneId(id)) ?? null,
    findStudios: ({
      studio_filter: by = null,
      ...listing
    }: Listing & { readonly studio_filter?: Filter }) => {
      const { count, found } = findEntities(studios, { ...listing, by });
      return { count, studios: found };
    },
  };
}
