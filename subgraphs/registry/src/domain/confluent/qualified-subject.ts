/** A subject's name with the context that it lives in; `.` is the default context. */
export interface QualifiedSubject {
  readonly context: string;
  /** Empty for the context itself, which may have a config and a mode of its own. */
  readonly subject: string;
}

export const defaultContext = '.';

/** What stands before a name that means every context. */
const wildcard = ':*:';

/** Takes a name apart: `:.lab:orders` lies in the context `.lab`, a name without such a beginning in the default one. */
export function splitSubject(name: string): QualifiedSubject {
  const [, context, subject] = /^:(\.[^:]*):(.*)$/s.exec(name) ?? [];
  if (context !== undefined && subject !== undefined) return { context, subject };
  return { context: defaultContext, subject: name.startsWith(wildcard) ? name.slice(wildcard.length) : name };
}

/** The one name by which a subject is stored: `:.:orders` and `orders` are the same. */
export function joinSubject({ context, subject }: QualifiedSubject): string {
  return context === defaultContext ? subject : `:${context}:${subject}`;
}

/** The scope of the context that a subject lies in; empty for the default one, as the scope of everything is. */
export function contextScope(name: string): string {
  return joinSubject({ context: splitSubject(name).context, subject: '' });
}

/** A name in the form by which it is stored, taken to lie in `context` where it names none itself. */
export function qualifySubject(name: string, context = defaultContext): string {
  if (namesContext(name)) return joinSubject(splitSubject(name));
  return joinSubject({ context, subject: name });
}

/** The context that a path names, `lab` and `.lab` alike. */
export function parseContext(word: string): string {
  const bare = word.startsWith(':') ? splitSubject(`${word.replace(/:$/, '')}:`).context : word;
  return bare.startsWith('.') ? bare : `.${bare}`;
}

/** Which names a prefix asks for: with `:*:` those of every context, else those of one. */
export function matchPrefix(prefix: string): (name: string) => boolean {
  if (prefix.startsWith(wildcard)) {
    const rest = prefix.slice(wildcard.length);
    return (name) => splitSubject(name).subject.startsWith(rest);
  }
  const { context, subject } = splitSubject(prefix);
  return (name) => {
    const split = splitSubject(name);
    return split.context === context && split.subject.startsWith(subject);
  };
}

/** Whether a name says in which context it lies. */
export function namesContext(name: string): boolean {
  return name.startsWith(wildcard) || /^:\.[^:]*:/.test(name);
}
