import { Problem } from '@spine/kernel/problem';

/** What a piece of work may cost: steps counted, so that a hostile schema ends it early and everywhere alike. */
export interface Budget {
  spend(steps: number): void;
  /** Runs one level deeper, as long as the stack is sure to hold. */
  deeper<T>(run: () => T): T;
}

/** Levels of nesting through references; each takes a few frames of the stack. */
const maxDepth = 250;

/** A budget whose end is the end of the work: throws SCHEMA_TOO_COMPLEX. */
export function createBudget(maxSteps: number): Budget {
  let steps = 0;
  let depth = 0;
  return {
    spend(more) {
      steps += more;
      if (steps > maxSteps) throw tooComplex('takes too many steps');
    },
    deeper(run) {
      depth += 1;
      if (depth > maxDepth) throw tooComplex(`nests deeper than ${maxDepth} levels`);
      try {
        return run();
      } finally {
        depth -= 1;
      }
    },
  };
}

function tooComplex(what: string): Problem {
  return new Problem('SCHEMA_TOO_COMPLEX', `comparing the schema with another version of it ${what}`, {
    fix: 'use fewer alternatives in oneOf and anyOf, or split the schema',
  });
}
