import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";

/** What seeding did: `note` says it in one sentence. */
export interface SeedResult {
    commit: string;
    note: string;
}

/** A file that the repository has besides the working tree's. */
export interface SeedFile {
    path: string;
    content: string;
}

/**
 * Makes the bare repository that Argo CD reads hold this working tree on `main`.
 *
 * A clean tree is pushed as it is, so that `git push <sandbox> HEAD:main` works afterwards; changes
 * that are not committed become one commit on top of HEAD, made beside the checkout, whose index and
 * status stay as they are. Commits that somebody pushed to the sandbox are never overwritten.
 *
 * @param extra Files that one more commit adds unless they are there.
 */
export async function seedRepository(repo: string, bare: string, extra: SeedFile[] = []): Promise<SeedResult> {
    const git = async (args: string[], env: Record<string, string> = {}) =>
        (await execa("git", args, { cwd: repo, env })).stdout.trim();

    const head = await git(["rev-parse", "--verify", "HEAD"]).catch(() => {
        throw new Error(`${repo} has no commit to run: the sandbox runs a Git working tree (git init && git commit)`);
    });
    const commit = await snapshot(repo, head, git);

    const marker = path.join(bare, "seeded");
    const current = await refOf(bare);
    const seeded = await readFile(marker, "utf8").catch(() => "");
    if (current !== undefined && current !== seeded) {
        const kept = await withFiles(bare, current, extra);
        await execa("git", ["-C", bare, "update-ref", "refs/heads/main", kept, current]);
        return { commit: kept, note: "kept what was pushed to the sandbox's Git repository" };
    }
    if (current === undefined) {
        await mkdir(bare, { recursive: true });
        await execa("git", ["init", "--quiet", "--bare", "--initial-branch=main", bare]);
        await execa("git", ["-C", bare, "config", "http.receivepack", "true"]);
    }
    await git(["push", "--quiet", "--force", bare, `${commit}:refs/sandbox/working-tree`]);
    const final = await withFiles(bare, commit, extra);
    await execa("git", ["-C", bare, "update-ref", "refs/heads/main", final]);
    await writeFile(marker, final);
    const dirty = commit === head ? "" : ", with the changes that are not committed yet";
    return { commit: final, note: `${commit.slice(0, 7)}${dirty}` };
}

async function refOf(bare: string): Promise<string | undefined> {
    const result = await execa("git", ["-C", bare, "rev-parse", "--verify", "--quiet", "refs/heads/main"], {
        reject: false,
    }).catch(() => undefined);
    return result?.exitCode === 0 ? result.stdout.trim() : undefined;
}

/** A commit that has the files: the given one if it does, else one on top of it. Made in the bare repository. */
async function withFiles(bare: string, commit: string, files: SeedFile[]): Promise<string> {
    const git = async (args: string[], options: { input?: string; env?: Record<string, string> } = {}) =>
        (await execa("git", ["-C", bare, ...args], options)).stdout.trim();
    const missing: SeedFile[] = [];
    for (const file of files) {
        const there = await git(["show", `${commit}:${file.path}`]).catch(() => undefined);
        if (there !== file.content.trim()) missing.push(file);
    }
    if (missing.length === 0) return commit;
    const index = path.join(bare, `sandbox-index-${process.pid}`);
    try {
        const env = { GIT_INDEX_FILE: index };
        await git(["read-tree", commit], { env });
        for (const { path: name, content } of missing) {
            const blob = await git(["hash-object", "-w", "--stdin"], { input: content });
            await git(["update-index", "--add", "--cacheinfo", `100644,${blob},${name}`], { env });
        }
        const tree = await git(["write-tree"], { env });
        const date = await git(["show", "--no-patch", "--format=%cI", commit]);
        const message = `Add ${missing.map((file) => path.basename(file.path)).join(", ")}`;
        return await git(["commit-tree", tree, "-p", commit, "-m", message], { env: identity(date) });
    } finally {
        await rm(index, { force: true });
    }
}

/** A fixed author and date: the same changes give the same commit, so a second run changes nothing. */
function identity(date: string): Record<string, string> {
    const author = { NAME: "gitops-fleet sandbox", EMAIL: "sandbox@localhost", DATE: date };
    return Object.fromEntries(
        Object.entries(author).flatMap(([key, value]) => [
            [`GIT_AUTHOR_${key}`, value],
            [`GIT_COMMITTER_${key}`, value],
        ]),
    );
}

/** The working tree as a commit: HEAD itself when nothing differs. Uses an index of its own. */
async function snapshot(
    repo: string,
    head: string,
    git: (args: string[], env?: Record<string, string>) => Promise<string>,
): Promise<string> {
    if ((await git(["status", "--porcelain"])) === "") return head;
    const gitDir = path.resolve(repo, await git(["rev-parse", "--git-dir"]));
    const index = path.join(gitDir, `sandbox-index-${process.pid}`);
    try {
        const env = { GIT_INDEX_FILE: index };
        await git(["read-tree", "HEAD"], env);
        await git(["add", "--all"], env);
        const tree = await git(["write-tree"], env);
        const date = await git(["show", "--no-patch", "--format=%cI", "HEAD"]);
        return await git(["commit-tree", tree, "-p", head, "-m", "Changes not committed yet"], identity(date));
    } finally {
        await rm(index, { force: true });
    }
}
