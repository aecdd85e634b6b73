/** Where the page lives. Stash's server keeps `/plugin/` for files of plugins, so that a reload of a page there is a 404. */
export const PAGE_PATH = '/plugins/stash2plex';

export const VIEWS = ['state', 'failures', 'setup'] as const;
export type View = (typeof VIEWS)[number];

/** The address of one view of the page, below Stash's base. */
export function viewPath(view: View): string {
  return view === 'state' ? PAGE_PATH : `${PAGE_PATH}?view=${view}`;
}

/** The view that an address asks for. @param search `?view=…` */
export function viewOf(search: string): View {
  const asked = new URLSearchParams(search).get('view');
  return VIEWS.find((view) => view === asked) ?? 'state';
}
