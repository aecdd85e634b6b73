import type { JsonObject } from './Json.ts';
import type { Handler } from './PlexContext.ts';
import { containerReply } from './Reply.ts';
import type { SectionRecord } from './SectionRecord.ts';
import { isReply, sectionOf } from './sectionOf.ts';

const VERSION = '1.43.1.10000-0a1b2c3d4';

/** `GET /identity`: no token, size 0, no name (3.1). */
export const identity: Handler = (request, { state }) => {
  const { machineIdentifier } = state;
  return containerReply(request, { size: 0, claimed: true, machineIdentifier, version: VERSION });
};

/** `GET /`: the cheapest check of a token (3.2). */
export const serverRoot: Handler = (request, { state }) =>
  containerReply(request, {
    size: 1,
    allowSync: true,
    apiVersion: '1.2.0',
    friendlyName: 'Plex double',
    machineIdentifier: state.machineIdentifier,
    myPlex: true,
    platform: 'Linux',
    updatedAt: 1_700_000_000,
    version: VERSION,
    Directory: [{ count: 1, key: 'library', title: 'library' }],
  });

/** `GET /library`: what lies below it (9.13). */
export const libraryRoot: Handler = (request) => {
  const Directory = [{ key: 'sections', title: 'Library Sections' }];
  return containerReply(request, {
    size: Directory.length,
    allowSync: false,
    identifier: 'com.plexapp.plugins.library',
    title1: 'Plex Library',
    Directory,
  });
};

/** `GET /library/sections`, never paged (row 5). */
export const listSections: Handler = (request, { state }) => {
  const sections = [...state.sections.values()].map(sectionElement);
  return containerReply(request, {
    size: sections.length,
    allowSync: false,
    title1: 'Plex Library',
    Directory: sections.length > 0 ? sections : undefined,
  });
};

/** `GET /library/sections/{key}`: what can be listed below. */
export const sectionDirectory: Handler = (request, { state }, [key = '']) => {
  const section = sectionOf(state, key);
  if (isReply(section)) return section;
  const Directory = [
    { key: 'all', title: `All ${section.title}` },
    { key: 'collections', title: 'Collections' },
  ];
  return containerReply(request, { size: Directory.length, title1: section.title, Directory });
};

function sectionElement(section: SectionRecord): JsonObject {
  return {
    allowSync: true,
    art: '/:/resources/movie-fanart.jpg',
    composite: `/library/sections/${section.key}/composite/${section.scannedAt}`,
    filters: true,
    refreshing: section.refreshing || section.activeScans > 0,
    thumb: section.agent.endsWith('.none') ? '/:/resources/video.png' : '/:/resources/movie.png',
    key: section.key,
    type: section.type,
    title: section.title,
    agent: section.agent,
    scanner: section.scanner,
    metadataAgentProviderGroupId: section.metadataAgentProviderGroupId,
    language: section.language,
    uuid: section.uuid,
    createdAt: section.createdAt,
    scannedAt: section.scannedAt,
    content: true,
    directory: true,
    contentChangedAt: section.contentChangedAt,
    // An integer, whatever the official description says (2.4).
    hidden: 0,
    Location: section.locations.map(({ id, path }) => ({ id, path })),
  };
}
