/**
 * A page with what plugins touch of Stash's web UI (protocol section 18): React 17, React Router 5, react-bootstrap, `PluginApi` with its
 * patches, and the places where this plugin adds something. Nothing of Stash's own code.
 */
import React, { type FunctionComponent, type PropsWithChildren, useEffect, useState } from 'react';
import * as Bootstrap from 'react-bootstrap';
import ReactDOM from 'react-dom';
import * as ReactRouterDOM from 'react-router-dom';
import { ask, configuration } from './ask.ts';
import { components, patch, patched, registerComponent } from './patch.ts';
import { ScenePage } from './ScenePage.tsx';
import { type ListedPlugin, SettingsPage, useSettings } from './settings.tsx';

const { BrowserRouter, Link, Route, Switch } = ReactRouterDOM;
const { Nav, Navbar } = Bootstrap;
const ConfigurationDocument = { name: 'Configuration' };

const PluginRoutes = patched<PropsWithChildren<object>>('PluginRoutes', ({ children }) => <>{children}</>);
const MenuItems = patched<PropsWithChildren<object>>('MainNavBar.MenuItems', ({ children }) => (
  <Nav>{children}</Nav>
));

const PluginApi = {
  React,
  ReactDOM,
  GQL: { ConfigurationDocument },
  libraries: { ReactRouterDOM, Bootstrap },
  register: {
    route: (path: string, component: FunctionComponent) =>
      patch.before('PluginRoutes', ({ children }: PropsWithChildren<object>) => [
        {
          children: (
            <>
              {children}
              <Route path={path} component={component} />
            </>
          ),
        },
      ]),
    component: registerComponent,
  },
  components,
  patch,
  hooks: { useSettings },
  utils: {
    StashService: {
      getClient: () => ({
        refetchQueries: ({ include }: { include: unknown[] }) =>
          include.includes(ConfigurationDocument) && configuration.fetch(),
      }),
    },
  },
};
Object.assign(window, { PluginApi });

function loadScript(src: string): Promise<void> {
  return new Promise((resolve) => {
    const script = document.createElement('script');
    script.src = src;
    script.async = false;
    script.onload = script.onerror = () => resolve();
    document.head.append(script);
  });
}

interface LoadedPlugin extends ListedPlugin {
  paths: { javascript: string[] | null };
}

/** Nothing is shown until every plugin's script is there. */
function App() {
  const [plugins, setPlugins] = useState<LoadedPlugin[]>();
  useEffect(() => {
    const query =
      '{ plugins { id name settings { name display_name description type } paths { javascript css } } }';
    ask<{ plugins: LoadedPlugin[] }>(query).then(async ({ plugins: found }) => {
      await Promise.all(found.flatMap(({ paths }) => paths.javascript ?? []).map(loadScript));
      setPlugins(found);
    });
  }, []);
  if (!plugins) return <p>Loading plugins…</p>;
  return (
    <>
      <Navbar collapseOnSelect variant="dark" bg="dark" expand="xl" className="top-nav">
        <Navbar.Brand as="div">
          <Link to="/">Stash</Link>
        </Navbar.Brand>
        <Navbar.Toggle />
        <Navbar.Collapse>
          <MenuItems>
            <Nav.Link as="div" eventKey="/scenes">
              <Link to="/scenes/1" className="btn btn-primary minimal">
                Scenes
              </Link>
            </Nav.Link>
          </MenuItems>
        </Navbar.Collapse>
      </Navbar>
      <Switch>
        <Route exact path="/">
          <p>Stash</p>
        </Route>
        <Route path="/scenes/:id">
          <ScenePage />
        </Route>
        <Route path="/settings">
          <SettingsPage plugins={plugins} />
        </Route>
        <PluginRoutes />
      </Switch>
    </>
  );
}

const base = document.querySelector('base')?.getAttribute('href') ?? '/';
ReactDOM.render(
  <BrowserRouter basename={base.replace(/\/$/, '')}>
    <App />
  </BrowserRouter>,
  document.getElementById('root'),
);
