import type { GovernanceTransaction } from './governance-tables.ts';

export interface MutationAnswer {
  readonly inputDigest: string;
  readonly answer: object;
}

/** What a mutation under this key answered its caller before. */
export async function findAnswer(
  trx: GovernanceTransaction,
  principal: string,
  key: string,
): Promise<MutationAnswer | undefined> {
  const row = await trx
    .selectFrom('mutation_answer')
    .select(['input_digest', 'answer'])
    .where('principal', '=', principal)
    .where('key', '=', key)
    .executeTakeFirst();
  return row && { inputDigest: row.input_digest, answer: row.answer };
}

/** Keeps an answer under its key. */
export async function insertAnswer(
  trx: GovernanceTransaction,
  principal: string,
  key: string,
  kept: MutationAnswer,
  at: Date,
): Promise<void> {
  await trx
    .insertInto('mutation_answer')
    .values({
      principal,
      key,
      input_digest: kept.inputDigest,
      answer: JSON.stringify(kept.answer),
      at,
    })
    .execute();
}
