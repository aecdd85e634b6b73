import { editItems, editMetadata } from './editItems.ts';
import {
  candidateImage,
  currentImage,
  deleteImage,
  listImages,
  postImage,
  resourceImage,
  selectImage,
} from './imageRoutes.ts';
import { itemDetails } from './itemDetails.ts';
import { listCollections, listItems, listMembers } from './listItems.ts';
import type { Handler } from './PlexContext.ts';
import { rateItem } from './rateItem.ts';
import { cancelScan, refreshItems, scanSection } from './scanRoutes.ts';
import { identity, libraryRoot, listSections, sectionDirectory, serverRoot } from './serverInfo.ts';

/** A path and what its methods do. */
export interface Route {
  readonly path: RegExp;
  readonly methods: Readonly<Record<string, Handler>>;
  /** Pictures: not part of the two notations. */
  readonly image?: boolean;
}

/** Every path the double knows; the first match counts. A wrong verb on one of them is a 405 (row 19). */
export const ROUTES: readonly Route[] = [
  { path: /^\/identity\/?$/, methods: { GET: identity } },
  { path: /^\/$/, methods: { GET: serverRoot } },
  { path: /^\/library\/?$/, methods: { GET: libraryRoot } },
  { path: /^\/library\/sections(?:\/all)?\/?$/, methods: { GET: listSections } },
  { path: /^\/library\/metadata\/([^/]+)\/?$/, methods: { GET: itemDetails, PUT: editMetadata } },
  { path: /^\/library\/sections\/([^/]+)\/all\/?$/, methods: { GET: listItems, PUT: editItems } },
  { path: /^\/library\/sections\/([^/]+)\/?$/, methods: { GET: sectionDirectory } },
  { path: /^\/library\/sections\/([^/]+)\/collections\/?$/, methods: { GET: listCollections } },
  { path: /^\/library\/(?:collections|metadata)\/([^/]+)\/children\/?$/, methods: { GET: listMembers } },
  {
    path: /^\/library\/sections\/([^/]+)\/refresh\/?$/,
    methods: { GET: scanSection, POST: scanSection, DELETE: cancelScan },
  },
  { path: /^\/library\/metadata\/([^/]+)\/refresh$/, methods: { PUT: refreshItems } },
  { path: /^\/library\/metadata\/([^/]+)\/(posters|arts)$/, methods: { GET: listImages, POST: postImage } },
  {
    path: /^\/library\/metadata\/([^/]+)\/(poster|thumb|art)$/,
    methods: { GET: currentImage, POST: postImage, PUT: selectImage, DELETE: deleteImage },
    image: true,
  },
  { path: /^\/library\/metadata\/([^/]+)\/(thumb|art)\/\d+$/, methods: { GET: currentImage }, image: true },
  { path: /^\/library\/metadata\/([^/]+)\/file$/, methods: { GET: candidateImage }, image: true },
  { path: /^\/:\/rate$/, methods: { GET: rateItem, PUT: rateItem } },
  { path: /^\/:\/resources\/.+$/, methods: { GET: resourceImage }, image: true },
];

/** The route of a path, with the captures of its pattern. */
export function findRoute(
  path: string,
): { readonly route: Route; readonly groups: readonly string[] } | undefined {
  for (const route of ROUTES) {
    const match = route.path.exec(path);
    if (match !== null) return { route, groups: match.slice(1) };
  }
  return undefined;
}
