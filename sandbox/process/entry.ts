import { z } from "zod";
import { startTime } from "./identity.ts";

/** One process as kept on disk: no environment and no arguments, since they hold secrets. */
const entrySchema = z.object({
    pid: z.int(),
    startTime: z.string(),
    specHash: z.string(),
    logFile: z.string(),
    restarts: z.int(),
    startedAt: z.number(),
    lastExit: z.object({ code: z.int().nullable(), signal: z.string().nullable() }).optional(),
    running: z.boolean(),
});

/** The state file: entries by process id. */
export const entriesSchema = z.record(z.string(), entrySchema);

export type Entry = z.infer<typeof entrySchema>;

export function alive(entry: Entry): boolean {
    return entry.running && startTime(entry.pid) === entry.startTime;
}

/** Signals only the very process that was started here; its group is its own, since it was started detached. */
export function signalOwn(entry: Entry, signal: NodeJS.Signals, group: boolean): void {
    if (alive(entry)) {
        try {
            process.kill(group ? -entry.pid : entry.pid, signal);
        } catch {
            // It ended between the check and the signal.
        }
    }
}
