import { basename } from 'node:path';
import type { NamedEntity } from './EntityStore.ts';
import { fileFingerprints, oshashOf } from './fileFingerprints.ts';
import type { SceneGroup, SceneRecord, StashId, VideoFile } from './SceneRecord.ts';

/** What resolvers know about the request. */
export interface RequestContext {
  /** Scheme and authority as the client addressed us, without trailing slash. */
  readonly baseUrl: string;
}

/** The `paths` object: always filled in, whether or not the content exists (section 11). */
function scenePaths(record: SceneRecord, baseUrl: string, apiKey: string): Record<string, string> {
  const own = `${baseUrl}/scene/${record.id}`;
  const file = record.files[0];
  const byHash = `${baseUrl}/scene/${file === undefined ? '' : oshashOf(file)}`;
  return {
    screenshot: `${own}/screenshot?t=${Math.floor(Date.parse(record.updated_at) / 1000)}`,
    preview: `${own}/preview`,
    // The only URL that carries the key, and thereby leaks it.
    stream: apiKey === '' ? `${own}/stream` : `${own}/stream?apikey=${encodeURIComponent(apiKey)}`,
    webp: `${own}/webp`,
    vtt: `${byHash}_thumbs.vtt`,
    sprite: `${byHash}_sprite.jpg`,
    funscript: `${own}/funscript`,
    interactive_heatmap: `${own}/interactive_heatmap`,
    caption: `${own}/caption`,
  };
}

function fileView(file: VideoFile): Record<string, unknown> {
  return {
    ...file,
    basename: basename(file.path),
    zip_file: null,
    fingerprints: () => fileFingerprints(file),
    fingerprint: ({ type }: { type: string }) =>
      fileFingerprints(file).find((fingerprint) => fingerprint.type === type)?.value ?? null,
  };
}

/** A scene as GraphQL sees it. Members are computed only when they are selected. */
export class SceneView {
  readonly #record: SceneRecord;
  readonly #apiKey: () => string;
  // The lists of objects that the double does not hold.
  readonly scene_markers: readonly never[] = [];
  readonly galleries: readonly never[] = [];
  // Nullable lists come back as null when they are empty.
  readonly captions = null;
  readonly last_played_at = null;
  readonly interactive = false;

  constructor(record: SceneRecord, apiKey: () => string) {
    this.#record = record;
    this.#apiKey = apiKey;
  }

  get id(): string {
    return String(this.#record.id);
  }
  get title(): string {
    return this.#record.title;
  }
  get code(): string {
    return this.#record.code;
  }
  get details(): string {
    return this.#record.details;
  }
  get director(): string {
    return this.#record.director;
  }
  get url(): string | null {
    return this.#record.urls[0] ?? null;
  }
  get urls(): readonly string[] {
    return this.#record.urls;
  }
  get date(): string | null {
    return this.#record.date;
  }
  get rating100(): number | null {
    return this.#record.rating100;
  }
  get organized(): boolean {
    return this.#record.organized;
  }
  get o_counter(): number {
    return this.#record.o_counter;
  }
  get created_at(): string {
    return this.#record.created_at;
  }
  get updated_at(): string {
    return this.#record.updated_at;
  }
  get resume_time(): number {
    return this.#record.resume_time;
  }
  get play_duration(): number {
    return this.#record.play_duration;
  }
  get play_count(): number {
    return this.#record.play_count;
  }
  get files(): Record<string, unknown>[] {
    return this.#record.files.map(fileView);
  }
  get studio(): NamedEntity | null {
    return this.#record.studio;
  }
  get tags(): readonly NamedEntity[] {
    return this.#record.tags;
  }
  get performers(): readonly (NamedEntity & { readonly tags: readonly NamedEntity[] })[] {
    return this.#record.performers.map((performer) => ({ ...performer, tags: performer.tags ?? [] }));
  }
  get groups(): readonly SceneGroup[] {
    return this.#record.groups;
  }
  get stash_ids(): readonly StashId[] {
    return this.#record.stash_ids;
  }

  paths(_args: unknown, context: RequestContext): Record<string, string> {
    return scenePaths(this.#record, context.baseUrl, this.#apiKey());
  }
}
