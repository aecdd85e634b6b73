import type { PluginApi } from './PluginApi.ts';

/** The API of the Stash that has loaded this module; its loader has seen to it that there is one. */
export const pluginApi = window.PluginApi as PluginApi;

/** Stash's own React: a second one could not share a page with it. */
export const React = pluginApi.React;
export const { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } = React;
export const { Link, useLocation } = pluginApi.libraries.ReactRouterDOM;
