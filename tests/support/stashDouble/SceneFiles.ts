import { fileSizeOf } from '../fileSizeOf.ts';
import type { NewFile, VideoFile } from './SceneRecord.ts';

/** Makes file records and hands out their ids. */
export class SceneFiles {
  #lastId = 0;

  /**
   * The records of a scene's files, primary first. A path that the scene already has keeps its file's id and creation
   * time; its `updated_at` becomes `stamp`, as after a scan that found it changed.
   */
  from(files: readonly (string | NewFile)[], known: readonly VideoFile[], stamp: string): VideoFile[] {
    return files.map((file) => {
      const given: NewFile = typeof file === 'string' ? { path: file } : file;
      return this.#record(
        given,
        known.find((candidate) => candidate.path === given.path),
        stamp,
      );
    });
  }

  #record(given: NewFile, known: VideoFile | undefined, stamp: string): VideoFile {
    return {
      id: known?.id ?? this.#nextId(),
      path: given.path,
      size: given.size ?? known?.size ?? fileSizeOf(given.path),
      mod_time: given.mod_time ?? known?.mod_time ?? stamp,
      duration: given.duration ?? known?.duration ?? 600,
      width: given.width ?? known?.width ?? 1920,
      height: given.height ?? known?.height ?? 1080,
      frame_rate: given.frame_rate ?? known?.frame_rate ?? 25,
      bit_rate: given.bit_rate ?? known?.bit_rate ?? 4_000_000,
      video_codec: given.video_codec ?? known?.video_codec ?? 'h264',
      audio_codec: given.audio_codec ?? known?.audio_codec ?? 'aac',
      format: given.format ?? known?.format ?? 'mp4',
      oshash: given.oshash ?? known?.oshash ?? null,
      md5: given.md5 ?? known?.md5 ?? null,
      phash: given.phash ?? known?.phash ?? null,
      created_at: known?.created_at ?? stamp,
      updated_at: stamp,
    };
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}
