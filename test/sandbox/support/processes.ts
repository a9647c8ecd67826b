import { readdir, readFile, readlink } from "node:fs/promises";
import { execa } from "execa";

/**
 * Command lines of the processes that have to do with a folder: it is in their arguments or, where /proc tells,
 * their environment or working directory. Processes of the tests themselves are left out.
 */
export async function processesOf(folder: string): Promise<string[]> {
    const { stdout } = await execa("ps", ["-A", "-o", "pid=,stat=,args="]);
    const found: string[] = [];
    for (const line of stdout.split("\n")) {
        const [, pid = "", state = "", args = ""] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
        if (state.startsWith("Z") || Number(pid) === process.pid || Number(pid) === process.ppid) continue;
        if (mentions(args, folder) || (await tracesOf(pid)).some((text) => mentions(text, folder))) {
            found.push(`${pid} ${args}`);
        }
    }
    return found;
}

/** The folder or something in it; another folder whose name only begins so does not count. */
function mentions(text: string, folder: string): boolean {
    for (let at = text.indexOf(folder); at !== -1; at = text.indexOf(folder, at + 1)) {
        if (!/[\w.-]/.test(text.charAt(at + folder.length))) return true;
    }
    return false;
}

/** Nothing where there is no /proc, or the process is somebody else's or gone. */
async function tracesOf(pid: string): Promise<string[]> {
    const root = `/proc/${pid}`;
    if ((await readdir(root).catch(() => [])).length === 0) return [];
    const texts = [readFile(`${root}/environ`, "utf8"), readlink(`${root}/cwd`)];
    return await Promise.all(texts.map((text) => text.catch(() => "")));
}
