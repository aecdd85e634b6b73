import { type ArtSlot, filesOf, type ItemRecord, shownTitleSort, yearOf } from './ItemRecord.ts';
import { tagNames } from './itemTags.ts';
import type { ImageCandidate, PlexItem } from './PlexItem.ts';

/** A plain copy of a record for assertions. */
export function plexItemView(record: ItemRecord): PlexItem {
  const { text, ratings, artwork } = record;
  return {
    ratingKey: record.ratingKey,
    sectionKey: record.sectionKey,
    guid: record.guid,
    title: text.title ?? '',
    titleSort: shownTitleSort(record),
    originalTitle: text.originalTitle,
    editionTitle: text.editionTitle,
    contentRating: text.contentRating,
    summary: text.summary ?? '',
    studio: text.studio,
    tagline: text.tagline,
    year: yearOf(record),
    originallyAvailableAt: text.originallyAvailableAt,
    userRating: ratings.userRating,
    rating: ratings.rating,
    audienceRating: ratings.audienceRating,
    genres: tagNames(record, 'genre'),
    collections: tagNames(record, 'collection'),
    labels: tagNames(record, 'label'),
    directors: tagNames(record, 'director'),
    writers: tagNames(record, 'writer'),
    producers: tagNames(record, 'producer'),
    countries: tagNames(record, 'country'),
    roles: (record.tags.actor ?? []).map(({ tag, role }) => ({
      tag: tag.tag,
      ...(role === undefined ? {} : { role }),
      ...(tag.thumb === undefined ? {} : { thumb: tag.thumb }),
    })),
    lockedFields: [...record.locked],
    thumb: artwork.thumb.path,
    art: artwork.art.path,
    posters: candidatesView(artwork.thumb),
    arts: candidatesView(artwork.art),
    files: filesOf(record),
    addedAt: record.addedAt,
    updatedAt: record.updatedAt,
    lastRatedAt: record.lastRatedAt,
    deletedAt: record.deletedAt,
    ratingByUser: record.userRates?.rating,
  };
}

function candidatesView(slot: ArtSlot): ImageCandidate[] {
  return slot.candidates.map(({ ratingKey, provider, bytes }) => ({
    ratingKey,
    selected: ratingKey === slot.selected,
    provider,
    bytes,
  }));
}
