/** An error as people should see it: its message. Only a fault of the program itself is shown with its stack. */
export function messageOf(error: unknown): string {
    if (!(error instanceof Error)) {
        return String(error);
    }
    const fault = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
    return fault && error.stack !== undefined ? error.stack : error.message;
}
