import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

/** Copies the files of a folder, not their modes: those of a Go module are read-only. `omit` holds relative paths. */
export async function copyTree(from: string, to: string, omit: ReadonlySet<string> = new Set()): Promise<void> {
    await mkdir(to, { recursive: true });
    for (const entry of await readdir(from, { withFileTypes: true, recursive: true })) {
        const source = path.join(entry.parentPath, entry.name);
        const relative = path.relative(from, source);
        if (entry.isFile() && !omit.has(relative.split(path.sep)[0] ?? "")) {
            const target = path.join(to, relative);
            await mkdir(path.dirname(target), { recursive: true });
            await writeFile(target, await readFile(source));
        }
    }
}
