import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect } from 'react';

/** Keeps the editors as dark as the system while it is left to the system: GraphiQL asks only when the page opens. */
export function useSystemTheme(): void {
  const theme = useGraphiQL(({ theme }) => theme);
  const { setTheme } = useGraphiQLActions();
  useEffect(() => {
    if (theme !== null) return;
    const system = matchMedia('(prefers-color-scheme: dark)');
    const onChange = (): void => setTheme(null);
    system.addEventListener('change', onChange);
    return () => system.removeEventListener('change', onChange);
  }, [theme, setTheme]);
}
