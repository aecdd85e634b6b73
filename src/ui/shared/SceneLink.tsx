import { Link } from '../api/react.ts';

/** A scene by its number, which leads to its page. */
export function SceneLink({ id }: { id: number | null }) {
  return id === null ? <span>no scene</span> : <Link to={`/scenes/${id}`}>{`Scene ${id}`}</Link>;
}
