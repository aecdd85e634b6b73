import type * as ReactTypes from 'react';
import type { ComponentType, ReactNode } from 'react';

/** What a container of Stash's pages gets. */
export interface ContainerProps {
  children?: ReactNode;
  [name: string]: unknown;
}

/** Arguments of a component as Stash hands them to patches: its props first. */
export type PatchedArgs = [props: ContainerProps, ...rest: unknown[]];

/**
 * What this plugin uses of `window.PluginApi` in Stash 0.30 (React 17, React Router 5, react-bootstrap 1.6). All plugins share these
 * objects; whatever is optional here may be missing in another version.
 */
export interface PluginApi {
  React: typeof ReactTypes;
  libraries: {
    ReactRouterDOM: {
      Link: ComponentType<LinkProps>;
      NavLink: ComponentType<LinkProps & { activeClassName?: string }>;
      useLocation: () => { pathname: string; search: string };
    };
    Bootstrap: {
      Nav: { Item: ComponentType<ContainerProps>; Link: ComponentType<ContainerProps> };
      Tab: { Pane: ComponentType<ContainerProps> };
    };
  };
  register: { route: (path: string, component: ComponentType) => void };
  patch: {
    /** Gets the arguments and returns those that the component gets. */
    before: (component: string, change: (...args: PatchedArgs) => unknown[]) => void;
    /** Gets the arguments and, last, what was there. */
    instead: (component: string, replace: (...args: unknown[]) => unknown) => void;
  };
  /** Documents of Stash's own queries. */
  GQL?: { ConfigurationDocument?: unknown };
  utils?: {
    StashService?: {
      /** The client whose cache Stash's own pages read from. */
      getClient?: () => { refetchQueries?: (options: { include: unknown[] }) => unknown };
    };
  };
  hooks?: {
    /** Throws outside of Stash's settings pages. */
    useSettings?: () => { savePluginSettings?: (pluginId: string, settings: object) => void };
  };
}

interface LinkProps {
  to: string;
  className?: string;
  'aria-current'?: 'page';
  children?: ReactNode;
}

declare global {
  interface Window {
    PluginApi?: PluginApi;
  }
}
