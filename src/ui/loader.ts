/**
 * What every page of Stash loads from this plugin: a few kB that register the places where the page's parts go, and load the page itself
 * only when one of them is shown. Stash's own UI waits for this file: it must not throw, and touches nothing before it is needed.
 */
import type { ReactElement } from 'react';
import type { ContainerProps, PatchedArgs, PluginApi } from './api/PluginApi.ts';
import { PAGE_PATH } from './views.ts';

/** The page's file, with its content in the name's query; the build puts it in. */
declare const PAGE_FILE: string;

type Parts = Readonly<Record<string, (props: object) => ReactElement>>;

const PLUGIN_ID = 'Stash2Plex';
/** Where plugins' pages are by custom; a reload there asks Stash's server for a plugin's file. */
const CUSTOMARY_PATH = '/plugin/stash2plex';
const PANE_KEY = 'stash2plex-panel';
const ICON = 'M3 7h10V4l5 4.500L13 13v-3H3zM17 15.500H9V13l-5 3.800L9 20v-2h8z';

let parts: Parts | undefined;
let loading: Promise<Parts> | undefined;

/** Behind a reverse proxy Stash's addresses begin with the page's `<base>`. */
function loadParts(): Promise<Parts> {
  loading ??= import(new URL(`plugin/${PLUGIN_ID}/assets/${PAGE_FILE}`, document.baseURI).href).then(
    (module: Parts) => {
      parts = module;
      return module;
    },
  );
  loading.catch(() => {
    loading = undefined;
  });
  return loading;
}

function start({ React, libraries, register, patch }: PluginApi): void {
  const { createElement: h, useEffect, useState } = React;
  const { Nav, Tab } = libraries.Bootstrap;
  const { NavLink } = libraries.ReactRouterDOM;

  /** A part of the page, as soon as it is loaded. */
  const Part = ({
    name,
    isSilent,
    ...props
  }: {
    name: string;
    isSilent?: boolean;
    [prop: string]: unknown;
  }) => {
    const [state, setState] = useState(parts ? 'ready' : 'loading');
    useEffect(() => {
      let isMounted = true;
      const tell = (now: string) => () => isMounted && setState(now);
      if (!parts) loadParts().then(tell('ready'), tell('failed'));
      return () => {
        isMounted = false;
      };
    }, []);
    const Loaded = state === 'ready' && parts?.[name];
    if (Loaded) return h(Loaded, props);
    if (isSilent) return null;
    return h(
      'p',
      { className: 'p-3', role: 'status' },
      state === 'loading' ? 'Loading…' : 'Stash2Plex’s page could not be loaded: reload this page.',
    );
  };

  const Page = () => h(Part, { name: 'Page' });
  register.route(PAGE_PATH, Page);
  register.route(CUSTOMARY_PATH, Page);

  /** Adds something behind the children of one of Stash's containers. */
  const append = (container: string, added: (props: ContainerProps) => ReactElement) =>
    patch.before(container, (...args: PatchedArgs) => {
      const [props, ...rest] = args;
      return [{ ...props, children: h(React.Fragment, null, props.children, added(props)) }, ...rest];
    });

  append('MainNavBar.MenuItems', () =>
    h(
      Nav.Link,
      { as: 'div', eventKey: PAGE_PATH, className: 'col-4 col-sm-3 col-md-2 col-lg-auto' },
      h(
        NavLink,
        {
          to: PAGE_PATH,
          activeClassName: 'active',
          className:
            'btn btn-primary minimal p-4 p-xl-2 d-flex d-xl-inline-block flex-column justify-content-between align-items-center',
        },
        h(
          'svg',
          {
            viewBox: '2 4 17 17',
            width: '1em',
            height: '1em',
            fill: 'currentColor',
            'aria-hidden': true,
            className: 'svg-inline--fa fa-icon nav-menu-icon d-block d-xl-inline mb-2 mb-xl-0',
          },
          h('path', { d: ICON }),
        ),
        h('span', null, 'Plex'),
      ),
    ),
  );

  append('ScenePage.Tabs', ({ scene }) =>
    h(
      Nav.Item,
      null,
      h(Nav.Link, { eventKey: PANE_KEY }, 'Plex', h(Part, { name: 'SceneBadge', isSilent: true, scene })),
    ),
  );
  append('ScenePage.TabContent', ({ scene }) =>
    h(Tab.Pane, { eventKey: PANE_KEY, mountOnEnter: true }, h(Part, { name: 'ScenePane', scene })),
  );

  patch.instead('PluginSettings', (...args) => {
    const next = args.pop() as (...given: unknown[]) => ReactElement | null;
    const { pluginID } = args[0] as { pluginID?: string };
    if (pluginID !== PLUGIN_ID) return next(...args);
    return h(Part, { name: 'SettingsBlock', renderPlain: () => next(...args) });
  });
}

try {
  if (window.PluginApi) start(window.PluginApi);
} catch (error) {
  console.error('Stash2Plex: its page cannot be shown by this version of Stash.', error);
}
