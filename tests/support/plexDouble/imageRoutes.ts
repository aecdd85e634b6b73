import type { ArtField, ItemRecord } from './ItemRecord.ts';
import { deselectImage, selectAndLock, uploadByUrl, uploadImage } from './images.ts';
import type { JsonObject } from './Json.ts';
import type { LibraryState } from './LibraryState.ts';
import type { Handler } from './PlexContext.ts';
import { listingReply } from './paging.ts';
import { EMPTY_REPLY, errorReply, type Reply } from './Reply.ts';
import { imageType, tinyJpeg } from './tinyImage.ts';

/** Singular and plural names of the elements in paths (3.9). */
function artField(name: string): ArtField {
  return name.startsWith('art') ? 'art' : 'thumb';
}

/** `GET /library/metadata/{id}/posters` or `/arts` (row 21). */
export const listImages: Handler = (request, { state, switches }, [id = '', name = '']) => {
  const record = state.record(id);
  if (record === undefined) return errorReply(404);
  const slot = record.artwork[artField(name)];
  const render = (candidate: (typeof slot.candidates)[number]): JsonObject => {
    const key = `/library/metadata/${id}/file?url=${encodeURIComponent(candidate.ratingKey)}`;
    return {
      key,
      ratingKey: candidate.ratingKey,
      selected: candidate.ratingKey === slot.selected,
      thumb: key,
      provider: candidate.provider,
    };
  };
  const container = { identifier: 'com.plexapp.plugins.library', mediaTagVersion: 1_700_000_000 };
  const listing = { rows: slot.candidates, render, container, metadataName: 'Photo' };
  return listingReply(request, listing, switches);
};

/** `POST /library/metadata/{id}/posters` or `/arts`, with bytes or with `?url=`: nothing is answered (row 21, 9.3). */
export const postImage: Handler = (request, { state, switches, violations }, [id = '', name = '']) => {
  const record = state.record(id);
  if (record === undefined) return errorReply(404);
  const url = request.parameter('url');
  if (url !== undefined) {
    uploadByUrl(state, record, artField(name), url, switches);
    return EMPTY_REPLY;
  }
  if (request.headers['transfer-encoding'] !== undefined) violations.push(`POST ${request.path} is chunked`);
  if (request.body === undefined || request.bodyLength === 0) return errorReply(400);
  if (request.bodyLength > switches.maxImageBytes) return errorReply(500);
  uploadImage(state, record, artField(name), request.body, switches);
  return EMPTY_REPLY;
};

/** `PUT /library/metadata/{id}/poster?url={candidate}` or `/art`: selects and locks, and answers a path (9.1, 9.3). */
export const selectImage: Handler = (request, { state, switches }, [id = '', name = '']) => {
  const record = state.record(id);
  if (record === undefined) return errorReply(404);
  const selected = selectAndLock(state, record, artField(name), request.parameter('url') ?? '', switches);
  return selected ? imageReply(record, artField(name)) : errorReply(switches.unknownCandidate);
};

/** `DELETE /library/metadata/{id}/thumb` or `/art`: deselects and locks (3.9). */
export const deleteImage: Handler = (_request, { state }, [id = '', name = '']) => {
  const record = state.record(id);
  if (record === undefined) return errorReply(404);
  deselectImage(state, record, artField(name));
  return EMPTY_REPLY;
};

/** `GET` of an item's `thumb` or `art` path: the selected picture. */
export const currentImage: Handler = (_request, { state }, [id = '', name = '']) => {
  const slot = state.record(id)?.artwork[artField(name)];
  if (slot?.path === undefined) return errorReply(404);
  return candidateBytes(
    state,
    slot.candidates.find(({ ratingKey }) => ratingKey === slot.selected)?.sha1,
    id,
  );
};

/** `GET /library/metadata/{id}/file?url={candidate}`: the bytes of a candidate. */
export const candidateImage: Handler = (request, { state }, [id = '']) => {
  const { thumb, art } = state.record(id)?.artwork ?? {};
  const url = request.parameter('url');
  const candidates = [...(thumb?.candidates ?? []), ...(art?.candidates ?? [])];
  const candidate = candidates.find(({ ratingKey }) => ratingKey === url);
  return candidate === undefined
    ? errorReply(404)
    : candidateBytes(state, candidate.sha1, candidate.ratingKey);
};

/** `GET /:/resources/…`: pictures that come with the server. */
export const resourceImage: Handler = (request) => ({
  status: 200,
  contentType: 'image/jpeg',
  body: tinyJpeg(request.path),
});

function candidateBytes(state: LibraryState, sha1: string | undefined, label: string): Reply {
  const bytes = (sha1 === undefined ? undefined : state.images.get(sha1)) ?? tinyJpeg(label);
  return { status: 200, contentType: imageType(bytes), body: bytes };
}

/** Text, not JSON: clients can only look how it begins (3.9). */
function imageReply(record: ItemRecord, field: ArtField): Reply {
  const path = record.artwork[field].path ?? `/library/metadata/${record.ratingKey}/${field}`;
  return { status: 200, contentType: 'text/plain', body: path };
}
