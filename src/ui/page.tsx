import type { ComponentType } from 'react';
import { PluginPage } from './PluginPage.tsx';
import styles from './page.css';
import { SceneBadge as Badge } from './scene/SceneBadge.tsx';
import { ScenePane as Pane } from './scene/ScenePane.tsx';
import { SettingsBlock as Block } from './setup/SettingsBlock.tsx';
import { Boundary } from './shared/Boundary.tsx';

const style = document.createElement('style');
style.textContent = styles;
document.head.append(style);

/** What the loader puts into Stash's pages, each by its name. */
export const Page = bounded(PluginPage);
export const SettingsBlock = bounded(Block);
export const SceneBadge = bounded(Badge);
export const ScenePane = bounded(Pane);

function bounded<Props extends object>(Part: ComponentType<Props>): ComponentType<Props> {
  return (props) => (
    <Boundary>
      <Part {...props} />
    </Boundary>
  );
}
