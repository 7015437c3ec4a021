import { useGraphiQL } from '@graphiql/react';
import { useEffect, useState } from 'react';
import { useOpenOperation } from './open-operation.ts';
import { fragmentOf, readFragment } from './shared-operation.ts';

/** Copies a link to the operation in view; and opens what a link carries that is pasted into the address bar. */
export function ShareButton() {
  const queryEditor = useGraphiQL(({ queryEditor }) => queryEditor);
  const variableEditor = useGraphiQL(({ variableEditor }) => variableEditor);
  const openOperation = useOpenOperation();
  const [told, tell] = useState<string | null>(null);

  useEffect(() => {
    const onHash = (): void => {
      const shared = readFragment(location.hash);
      if (shared !== null) openOperation?.(shared);
    };
    addEventListener('hashchange', onHash);
    return () => removeEventListener('hashchange', onHash);
  }, [openOperation]);
  useEffect(() => {
    if (told === null) return;
    const timer = setTimeout(() => tell(null), 2_000);
    return () => clearTimeout(timer);
  }, [told]);

  const share = async (): Promise<void> => {
    const query = queryEditor?.getValue() ?? '';
    const variables = variableEditor?.getValue() ?? '';
    history.replaceState(null, '', fragmentOf({ query, variables }));
    // Only pages of a secure context may write to the clipboard; the address bar has the link in any case.
    const copied = await navigator.clipboard?.writeText(location.href).then(
      () => true,
      () => false,
    );
    tell(copied === true ? 'Link copied' : 'The link is in the address bar');
  };
  return (
    <button
      type="button"
      className="spine-share"
      onClick={() => void share()}
      title="A link to this operation"
    >
      <span aria-live="polite">{told ?? 'Share'}</span>
    </button>
  );
}
