import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * What distinguishes a process from a later one with the same pid: the kernel's start time. Undefined when no such
 * process runs; a zombie counts as not running.
 * Linux: field 22 of /proc/<pid>/stat (proc_pid_stat(5)), in clock ticks since boot, prefixed with the boot id.
 * Elsewhere: `ps -o lstart=`, to the second.
 */
export function startTime(pid: number): string | undefined {
    return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

let bootId: string | undefined;

function fromProc(pid: number): string | undefined {
    try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        // The second field is the command in parentheses and may itself hold spaces and parentheses.
        const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        const [state, ticks] = [fields[0], fields[19]];
        if (state === "Z" || state === "X" || ticks === undefined) {
            return undefined;
        }
        bootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
        return `${bootId}/${ticks}`;
    } catch {
        return undefined;
    }
}

function fromPs(pid: number): string | undefined {
    try {
        const [state, ...started] = execFileSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], {
            encoding: "utf8",
            stdio: ["ignore", "pipe", "ignore"],
            env: { ...process.env, LC_ALL: "C" },
        })
            .trim()
            .split(/\s+/);
        return state === undefined || state === "" || state.startsWith("Z") ? undefined : started.join(" ");
    } catch {
        return undefined;
    }
}
