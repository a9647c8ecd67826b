/** One Ctrl-C arrives twice under `npm run`: from the terminal and, a moment later, from npm. */
const SAME_CTRL_C_MS = 1000;

/** Ctrl-C (or a polite kill) as an AbortSignal; a second Ctrl-C ends the process at once. */
export function interruptible(): { signal: AbortSignal; dispose(): void } {
    const controller = new AbortController();
    let first = 0;
    const stop = () => {
        if (!controller.signal.aborted) {
            first = Date.now();
            controller.abort(new Error("interrupted"));
        } else if (Date.now() - first > SAME_CTRL_C_MS) process.exit(130);
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
    return {
        signal: controller.signal,
        dispose() {
            process.off("SIGINT", stop);
            process.off("SIGTERM", stop);
        },
    };
}
