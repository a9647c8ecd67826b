import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import type { Fleet } from "./fleet.ts";

/** A colleague's clone of the repository that the sandbox's Argo CD reads. */
export class GitClone {
    readonly #folder: string;
    /** What `undo` goes back to. */
    #base: string;

    private constructor(folder: string, base: string) {
        this.#folder = folder;
        this.#base = base;
    }

    static async of(fleet: Fleet): Promise<GitClone> {
        const { port } = await fleet.daemon();
        const folder = await mkdtemp(path.join(tmpdir(), "fleet-clone-"));
        const url = `http://127.0.0.1:${port}/git/${path.basename(fleet.layout.gitRepository)}`;
        await execa("git", ["clone", "--quiet", url, folder]);
        const { stdout } = await execa("git", ["-C", folder, "rev-parse", "HEAD"]);
        return new GitClone(folder, stdout.trim());
    }

    /** Commits one file, changed, made or (undefined) deleted, and pushes it to main. Gives the commit. */
    async push(file: string, change: (before: string) => string | undefined, message: string): Promise<string> {
        const full = path.join(this.#folder, file);
        const after = change(await readFile(full, "utf8").catch(() => ""));
        if (after === undefined) await rm(full);
        else await writeFile(full, after);
        await this.#git("add", "--all", file);
        await this.#git("commit", "--quiet", "--message", message);
        return await this.#pushed();
    }

    /** Takes back, by new commits, what was pushed since the clone or the last `undo`. */
    async undo(): Promise<void> {
        if ((await this.#git("rev-parse", "HEAD")) === this.#base) return;
        await this.#git("revert", "--no-edit", `${this.#base}..HEAD`);
        this.#base = await this.#pushed();
    }

    /** Files that differ between the last commit and the one before. */
    async changedFiles(): Promise<string[]> {
        return (await this.#git("diff", "--name-only", "HEAD~1", "HEAD")).split("\n").filter(Boolean);
    }

    async remove(): Promise<void> {
        await rm(this.#folder, { recursive: true, force: true });
    }

    async #pushed(): Promise<string> {
        await this.#git("push", "--quiet", "origin", "HEAD:main");
        return await this.#git("rev-parse", "HEAD");
    }

    async #git(...args: string[]): Promise<string> {
        const identity = ["-c", "user.name=A colleague", "-c", "user.email=colleague@example.com"];
        const { stdout } = await execa("git", [...identity, "-c", "commit.gpgsign=false", ...args], {
            cwd: this.#folder,
        });
        return stdout.trim();
    }
}
