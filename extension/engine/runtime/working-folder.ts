/**
 * The runtime finds external weights relative to the process's working directory, and only there. So the directory
 * is changed while a session is made, one session at a time; paths must be absolute before they get here.
 */
export async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const turn = queue.then(async () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      return await work();
    } finally {
      process.chdir(before);
    }
  });
  queue = turn.catch(() => undefined);
  return turn;
}

/** The working directory belongs to the whole process, and so must its queue. */
let queue: Promise<unknown> = Promise.resolve();
