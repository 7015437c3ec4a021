/** As long as a check may hold up everybody else. */
const budgetMs = 2_000;

/**
 * Says whether this much work was done since it was made, in time of the processor: on a busy machine an honest check takes
 * longer, and does no more.
 */
export function createWorkBudget(ms = budgetMs): () => boolean {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return user + system > ms * 1_000;
  };
}
