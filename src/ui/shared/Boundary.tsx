import type { ErrorInfo, ReactNode } from 'react';
import { React } from '../api/react.ts';

interface Props {
  children: ReactNode;
}

/** Keeps a fault of this plugin's page from taking Stash's own page with it. */
export class Boundary extends React.Component<Props, { text: string | undefined }> {
  constructor(props: Props) {
    super(props);
    this.state = { text: undefined };
  }

  static getDerivedStateFromError(error: unknown) {
    return { text: String(error) };
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error('Stash2Plex:', error, info.componentStack);
  }

  override render() {
    const { text } = this.state;
    if (text === undefined) return this.props.children;
    return (
      <div className="alert alert-warning m-3" role="alert">
        Stash2Plex cannot show this part of the page. Reload it; if that does not help, report this: {text}
      </div>
    );
  }
}
