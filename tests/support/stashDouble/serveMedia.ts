import { PLACEHOLDER_SVG } from './pages.ts';
import { emptyReply, type Reply, reply } from './Reply.ts';
import type { SceneRecord } from './SceneRecord.ts';
import type { StashState } from './StashState.ts';

const NOT_FOUND = reply(404, 'text/plain; charset=utf-8', 'Not Found');

function bytesOrNotFound(type: string, bytes: Buffer | null): Reply {
  return bytes === null ? NOT_FOUND : reply(200, type, bytes);
}

function serve(scene: SceneRecord, what: string): Reply {
  switch (what) {
    case 'screenshot':
      return scene.screenshot === 'placeholder'
        ? reply(200, 'image/svg+xml', PLACEHOLDER_SVG)
        : reply(200, 'image/jpeg', scene.screenshot);
    case 'preview':
      return bytesOrNotFound('video/mp4', scene.preview);
    case 'webp':
      return bytesOrNotFound('image/webp', scene.webp);
    case 'stream':
      // Whatever is in the file is of no interest here.
      return bytesOrNotFound('video/mp4', scene.files.length === 0 ? null : Buffer.from('video'));
    case 'caption':
      return emptyReply(200);
    default:
      return NOT_FOUND;
  }
}

/**
 * Serves `/scene/<id>/…` (section 11); undefined for any other path. While the database does not answer, Stash takes every
 * scene for one that does not exist.
 */
export function serveMedia({ scenes, database }: StashState, path: string): Reply | undefined {
  if (!path.startsWith('/scene/')) return undefined;
  const [, id, what] = /^\/scene\/(\d+)\/([a-z_]+)$/.exec(path) ?? [];
  const scene = id === undefined || database.condition !== 'ready' ? undefined : scenes.record(Number(id));
  return scene === undefined || what === undefined ? NOT_FOUND : serve(scene, what);
}
