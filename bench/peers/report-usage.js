/** Answers each message of the bench with the CPU time and memory that this process has used. */
export function reportUsage() {
  // The bench is over, or broke.
  process.on('disconnect', () => process.exit());
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpuMs: (user + system) / 1000, rssMb: process.memoryUsage.rss() / 1024 / 1024 });
  });
}
