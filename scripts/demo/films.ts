import { readFileSync } from 'node:fs';

/** One row of `movies.json` in the package vega-datasets: real titles, dates and names, with real dirt. */
interface MovieRow {
  Title: string | number | null;
  'Release Date': string | null;
  Distributor: string | null;
  Director: string | null;
  'Major Genre': string | null;
  'Creative Type': string | null;
  Source: string | null;
  'MPAA Rating': string | null;
  'IMDB Rating': number | null;
}

/** A film as a scraper would know it. */
export interface Film {
  /** Base name of the video file. */
  fileName: string;
  title: string;
  details: string;
  /** `YYYY-MM-DD`, or nothing where the row has no usable date. */
  date: string | null;
  studio: string | null;
  performers: string[];
  tags: string[];
  rating100: number | null;
}

const DATA = new URL('../../node_modules/vega-datasets/data/movies.json', import.meta.url);

/** The first `count` films that have a title and something to tell besides. */
export function readFilms(count: number): Film[] {
  const rows = JSON.parse(readFileSync(DATA, 'utf8')) as MovieRow[];
  const told = rows.filter(
    (row) => row.Title !== null && (row.Distributor ?? row.Director ?? row['Major Genre']) !== null,
  );
  return told.slice(0, count).map(toFilm);
}

function toFilm(row: MovieRow, index: number): Film {
  const title = String(row.Title);
  const tags = [row['Major Genre'], row['Creative Type'], row.Source].filter((tag) => tag !== null);
  return {
    fileName: `${String(index + 1).padStart(3, '0')} ${title.replace(/[/\\:*?"<>|]/g, '_')}.mkv`,
    title,
    details: [
      `${title} - rated ${row['MPAA Rating'] ?? 'by nobody'}.`,
      row.Director ? `Directed by ${row.Director}.` : 'Nobody remembers who directed it.',
    ].join('\n\n'),
    date: isoDate(row['Release Date']),
    studio: row.Distributor,
    performers: row.Director ? [row.Director] : [],
    tags,
    rating100: row['IMDB Rating'] === null ? null : Math.round(row['IMDB Rating'] * 10),
  };
}

/** `Jun 12 1998`; some rows have no date, or a year alone. */
function isoDate(text: string | null): string | null {
  if (text === null) return null;
  if (/^\d{4}$/.test(text)) return `${text}-01-01`;
  const time = Date.parse(`${text} UTC`);
  return Number.isNaN(time) ? null : new Date(time).toISOString().slice(0, 10);
}
