import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { seedRepository } from "../../sandbox/git/seed.ts";

describe("sandbox: Git holds the working tree", () => {
    let folder: string;
    let repo: string;
    let bare: string;
    const git = (cwd: string, ...args: string[]) =>
        execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args], { cwd })
            .toString()
            .trim();

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "fleet-seed-"));
        repo = path.join(folder, "repo");
        bare = path.join(folder, "bare.git");
        execFileSync("git", ["init", "--quiet", "--initial-branch=main", repo]);
        writeFileSync(path.join(repo, "a.yaml"), "a: 1\n");
        git(repo, "add", ".");
        git(repo, "commit", "--quiet", "-m", "first");
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it("pushes a clean tree as HEAD itself, so that later commits fast-forward", async () => {
        const { commit } = await seedRepository(repo, bare);
        assert.equal(commit, git(repo, "rev-parse", "HEAD"));
        assert.equal(git(bare, "rev-parse", "main"), commit);
    });

    it("adds files that the sandbox needs by one more commit, once, also on top of what somebody pushed", async () => {
        const extra = [{ path: "members/x.yaml", content: "x: 1\n" }];
        const { commit } = await seedRepository(repo, bare, extra);
        assert.equal(git(bare, "show", "main:members/x.yaml"), "x: 1");
        assert.equal(git(bare, "rev-parse", "main~1"), git(repo, "rev-parse", "HEAD"));
        assert.equal((await seedRepository(repo, bare, extra)).commit, commit);

        const clone = path.join(folder, "clone");
        execFileSync("git", ["clone", "--quiet", bare, clone]);
        git(clone, "rm", "--quiet", "members/x.yaml");
        git(clone, "commit", "--quiet", "-m", "theirs");
        git(clone, "push", "--quiet", "origin", "HEAD:main");
        await seedRepository(repo, bare, extra);
        assert.equal(git(bare, "show", "main:members/x.yaml"), "x: 1");
        assert.equal(git(bare, "rev-parse", "main~1"), git(clone, "rev-parse", "HEAD"));
    });

    it("adds changed, new and deleted files as one commit on HEAD and leaves checkout and index alone", async () => {
        writeFileSync(path.join(repo, "a.yaml"), "a: 2\n");
        writeFileSync(path.join(repo, "b.yaml"), "b: 1\n");
        const before = git(repo, "status", "--porcelain");
        const { commit, note } = await seedRepository(repo, bare);
        assert.equal(git(bare, "show", "main:a.yaml"), "a: 2");
        assert.equal(git(bare, "show", "main:b.yaml"), "b: 1");
        assert.equal(git(bare, "rev-parse", "main~1"), git(repo, "rev-parse", "HEAD"));
        assert.match(note, /not committed/);
        assert.equal(git(repo, "status", "--porcelain"), before);
        assert.equal((await seedRepository(repo, bare)).commit, commit, "the same changes give the same commit");
    });

    it("never overwrites what somebody pushed to the sandbox", async () => {
        await seedRepository(repo, bare);
        const clone = path.join(folder, "clone");
        git(folder, "clone", "--quiet", bare, clone);
        writeFileSync(path.join(clone, "c.yaml"), "c: 1\n");
        git(clone, "add", ".");
        git(clone, "commit", "--quiet", "-m", "theirs");
        git(clone, "push", "--quiet", "origin", "HEAD:main");
        writeFileSync(path.join(repo, "a.yaml"), "a: 3\n");
        const { commit, note } = await seedRepository(repo, bare);
        assert.equal(commit, git(clone, "rev-parse", "HEAD"));
        assert.match(note, /kept/);
    });

    it("says what to do in a folder without a commit", async () => {
        const empty = path.join(folder, "empty");
        execFileSync("git", ["init", "--quiet", empty]);
        await assert.rejects(seedRepository(empty, bare), /has no commit to run.*git commit/);
        assert.equal(existsSync(bare), false);
    });
});
