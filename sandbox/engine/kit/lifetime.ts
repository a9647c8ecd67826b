/** How long running operations get to clean up after their signal was aborted. */
const GRACE_MS = 3000;
const PARENT_CHECK_MS = 250;

/** What runs inside a plugin process and has to stop before the process may end. */
export interface Work {
    cancel(): void;
    readonly idle: boolean;
}

/** The operations a provider is running, so that a cancelled or orphaned one can stop them. */
export class Operations implements Work {
    readonly #running = new Set<AbortController>();
    #cancelled = false;

    /** Runs one operation with a signal of its own. After {@link cancel}, it starts aborted. */
    async run<T>(operation: (signal: AbortSignal) => Promise<T>): Promise<T> {
        const controller = new AbortController();
        if (this.#cancelled) {
            controller.abort();
        }
        this.#running.add(controller);
        try {
            return await operation(controller.signal);
        } finally {
            this.#running.delete(controller);
        }
    }

    /** Aborts every running operation, and every later one. */
    cancel(): void {
        this.#cancelled = true;
        for (const controller of this.#running) {
            controller.abort();
        }
    }

    get idle(): boolean {
        return this.#running.size === 0;
    }
}

/**
 * Ends this process when its parent dies (SIGKILL of the CLI gives no other sign) or on SIGINT, SIGTERM, SIGHUP.
 * Running work is cancelled first and gets {@link GRACE_MS}.
 */
export function endWithParent(work: Work): void {
    const parent = process.ppid;
    let ending = false;
    const end = (): void => {
        if (ending) {
            return;
        }
        ending = true;
        work.cancel();
        const deadline = Date.now() + GRACE_MS;
        setInterval(() => {
            if (work.idle || Date.now() > deadline) {
                process.exit(0);
            }
        }, 20);
    };
    setInterval(() => {
        if (process.ppid !== parent) {
            end();
        }
    }, PARENT_CHECK_MS).unref();
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
        process.on(signal, end);
    }
}
