import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { repo } from "../../sandbox/support/fleet.ts";

/** The `fleet:` keys of a stack's file, with their namespace. */
// oxlint-disable-next-line typescript/no-explicit-any -- a test reaches into the tree and knows its shape
export type StackTree = Record<string, any>;

/** What a test changes in one stack's file. */
export type StackEdit = (config: StackTree) => void;

/** A clone of this checkout whose stack files are edited and committed, as a user of the program would. */
export class Checkout {
    readonly folder: string;

    private constructor(folder: string) {
        this.folder = folder;
    }

    /** @param edits by stack */
    static async make(edits: Readonly<Record<string, StackEdit>>): Promise<Checkout> {
        const folder = await mkdtemp(path.join(os.tmpdir(), "gitops-fleet-"));
        await execa("git", ["clone", "--quiet", repo, folder]);
        await symlink(path.join(repo, "node_modules"), path.join(folder, "node_modules"));
        const checkout = new Checkout(folder);
        await checkout.edit(edits);
        const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
        const commit = ["commit", "--quiet", "--all", "--allow-empty", "--message", "The stacks of this test"];
        await execa("git", [...identity, ...commit], { cwd: folder });
        return checkout;
    }

    /** @param edits by stack */
    async edit(edits: Readonly<Record<string, StackEdit>>): Promise<void> {
        for (const [stack, edit] of Object.entries(edits)) {
            const file = path.join(this.folder, `Pulumi.${stack}.yaml`);
            const tree = parse(await readFile(file, "utf8")) as { config: StackTree };
            edit(tree.config);
            await writeFile(file, stringify(tree));
        }
    }

    async remove(): Promise<void> {
        await rm(this.folder, { recursive: true, force: true });
    }
}
