import type { PreviewedItem, PreviewedScene, PreviewReport } from '../api/reports.ts';
import { stash } from '../api/stash.ts';
import { useAsked } from '../polling/useAsked.ts';
import { ChangeTable } from '../scene/ChangeTable.tsx';
import { Action } from '../shared/Action.tsx';
import { Problem } from '../shared/Notice.tsx';
import { SceneLink } from '../shared/SceneLink.tsx';
import { Section } from '../shared/Section.tsx';
import type { SettingsForm } from './useSettingsForm.ts';

const SCENES = 10;

/** What the next sync would change for ten scenes, side by side. */
export function PreviewStep({ form }: { form: SettingsForm }) {
  const preview = useAsked(() => stash.operation<PreviewReport>({ mode: 'preview_sync', limit: SCENES }));
  const show = async () => {
    // A preview is made with what is stored, as a sync is.
    if (await form.save()) await preview.ask();
  };
  return (
    <Section id="preview" title="Preview">
      <p>What the next sync would change for ten scenes. Nothing is written.</p>
      <Action isBusy={preview.isBusy} isOff={form.report?.problem !== null} onPress={show}>
        {form.changed.length > 0 ? 'Save and preview' : 'Preview ten scenes'}
      </Action>
      <Problem text={preview.problem} />
      {preview.data && (
        <div role="status">
          <p className="mt-3">{preview.data.summary}</p>
        </div>
      )}
      {preview.data?.scenes.map((scene) => (
        <PreviewedSceneView key={scene.sceneId} scene={scene} />
      ))}
    </Section>
  );
}

function PreviewedSceneView({ scene }: { scene: PreviewedScene }) {
  const items: PreviewedItem[] = scene.outcome === 'found' ? [scene, ...(scene.further ?? [])] : [];
  return (
    <article className="s2p-inset" aria-label={`Preview of scene ${scene.sceneId}`}>
      <p className="mb-1">
        <SceneLink id={scene.sceneId} />
        {scene.reason && <span className="s2p-message">{scene.reason}</span>}
      </p>
      {items.map(({ ratingKey, item, fields }) => (
        <ChangeTable
          key={ratingKey}
          caption={`Item ${ratingKey ?? ''} “${item ?? ''}”`}
          changes={fields ?? []}
        />
      ))}
    </article>
  );
}
