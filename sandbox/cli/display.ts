import { Listr, type ListrTask } from "listr2";

/** One step of a command: `update` shows what it does right now, `done` closes its line. */
export interface Step {
    title: string;
    run(show: { update(text: string): void; title(text: string): void }): Promise<void>;
}

/**
 * Runs groups of steps in order, the steps of a group side by side, in one live display; without a
 * terminal one line per start, end and failure. The first failure stops what follows.
 */
export async function runSteps(groups: Step[][]): Promise<void> {
    const tty = process.stdout.isTTY;
    for (const group of groups) {
        const tasks: ListrTask[] = group.map((step) => ({
            title: step.title,
            task: async (_context, task) => {
                const started = Date.now();
                await step.run({
                    update: (text) => {
                        if (tty) task.output = text;
                    },
                    title: (text) => {
                        task.title = text;
                    },
                });
                task.title = `${task.title} (${((Date.now() - started) / 1000).toFixed(1)} s)`;
            },
        }));
        await new Listr(tasks, {
            concurrent: true,
            exitOnError: true,
            // Its own listener would end the process at once, and leave running what the command has started.
            registerSignalListeners: false,
            renderer: tty ? "default" : "simple",
            rendererOptions: { collapseErrors: false },
        }).run();
    }
}
