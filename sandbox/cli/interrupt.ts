/** Ctrl-C (or a polite kill) as an AbortSignal; a second Ctrl-C ends the process at once. */
export function interruptible(): { signal: AbortSignal; dispose(): void } {
    const controller = new AbortController();
    const stop = () => {
        if (controller.signal.aborted) process.exit(130);
        controller.abort(new Error("interrupted"));
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
