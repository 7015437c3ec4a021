/** As long as a check may hold up everybody else. */
const budgetMs = 2_000;

/**
 * Says whether this much work was done since it was made, in time of the processor: on a busy machine an honest check takes
 * longer, and does no more.
 */
export function createWorkBudget(ms = budgetMs): () => boolean {
  const since = performance.now();
  const start = process.cpuUsage();
  return () => {
    // Asking the system costs as much as a small comparison. No process has more than a few processors at work for it.
    if (performance.now() - since < ms / 4) return false;
    const { user, system } = process.cpuUsage(start);
    return user + system > ms * 1_000;
  };
}
