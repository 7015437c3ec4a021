import { Problem } from '@spine/kernel/problem';
import { z } from 'zod';
import { isProblemCode } from './is-problem-code.ts';
import type { SpineClient } from './spine-client.ts';

const envelope = z.object({
  data: z.object({ answer: z.unknown() }).nullish(),
  errors: z
    .array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }).loose().optional() }))
    .optional(),
});
const failureShape = z.object({ __typename: z.string(), code: z.string(), message: z.string() });

/**
 * Asks the graph by the gateway, so that its audit log has who asked, for one field called `answer`. A failure of its union and
 * an error of the graph are thrown as the Problem that they name.
 */
export async function askGraph<T>(
  client: SpineClient,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  shape: z.ZodType<T>,
): Promise<T> {
  const { data, errors } = envelope.parse(await client.post('gateway', '/graphql', { query, variables }));
  const answer = shape.safeParse(data?.answer);
  if (answer.success) return answer.data;
  const failure = failureShape.safeParse(data?.answer);
  const { code, message } = failure.success
    ? failure.data
    : { code: errors?.[0]?.extensions?.code ?? 'INTERNAL', message: errors?.[0]?.message };
  throw new Problem(
    isProblemCode(code) ? code : 'INTERNAL',
    message ?? 'the gateway answered nothing that fits',
  );
}
