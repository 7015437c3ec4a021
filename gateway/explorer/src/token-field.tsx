import { useGraphiQLActions } from '@graphiql/react';
import { type Cell, useCell } from './cell.ts';

/** Takes the bearer token, and asks for the schema again as whom it names. */
export function TokenField({ token }: { readonly token: Cell<string> }) {
  const { introspect } = useGraphiQLActions();
  const current = useCell(token);
  const use = (text: string): void => {
    if (text.trim() === token.get()) return;
    token.set(text);
    void introspect();
  };
  return (
    <form
      className="spine-token"
      onSubmit={(event) => {
        event.preventDefault();
        use(String(new FormData(event.currentTarget).get('token') ?? ''));
      }}
    >
      <label htmlFor="spine-token">Token</label>
      <input
        id="spine-token"
        name="token"
        type="password"
        autoComplete="off"
        spellCheck={false}
        placeholder="for this tab only"
        defaultValue={current}
        onBlur={({ target }) => use(target.value)}
      />
    </form>
  );
}
