import { constants } from "node:fs";
import { access, open, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

/** A line of every launcher we write, by which it is told from an official part. */
export const STAND_IN_MARK = "# Stand-in of the gitops-fleet sandbox";

/** An official part and where it was found, in words. */
export interface Found {
    path: string;
    why: string;
}

/** The language host that ships with the CLI: beside it (links resolved), else on PATH. */
export async function findLanguageHost(cli: string): Promise<Found | undefined> {
    const bundled = path.join(path.dirname(await realpath(cli)), "pulumi-language-nodejs");
    if (await isOfficial(bundled)) {
        return { path: bundled, why: "beside the pulumi CLI" };
    }
    const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
    for (const folder of folders) {
        const candidate = path.join(folder, "pulumi-language-nodejs");
        if (await isOfficial(candidate)) {
            return { path: await realpath(candidate), why: "on PATH" };
        }
    }
    return undefined;
}

/** A provider of exactly this version in the user's own plugin cache ($PULUMI_HOME, ~/.pulumi). */
export async function findPlugin(name: string, version: string): Promise<Found | undefined> {
    const homes = [process.env["PULUMI_HOME"] ?? "", path.join(homedir(), ".pulumi")];
    for (const home of homes.filter((folder) => folder !== "")) {
        const folder = path.join(home, "plugins", `resource-${name}-v${version}`);
        const file = path.join(folder, `pulumi-resource-${name}`);
        // The CLI leaves this marker while it unpacks.
        const unfinished = await succeeds(access(`${folder}.partial`));
        if (!unfinished && (await isOfficial(file))) {
            return { path: await realpath(file), why: "in the user's plugin cache" };
        }
    }
    return undefined;
}

/** True for an executable that is not one of our launchers (a shell inside the sandbox has those around). */
export async function isOfficial(file: string): Promise<boolean> {
    return (await succeeds(access(file, constants.X_OK))) && !(await head(file)).includes(STAND_IN_MARK);
}

async function head(file: string): Promise<string> {
    const handle = await open(file);
    try {
        const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(256), position: 0 });
        return buffer.toString("latin1", 0, bytesRead);
    } finally {
        await handle.close();
    }
}

async function succeeds(attempt: Promise<unknown>): Promise<boolean> {
    return attempt.then(
        () => true,
        () => false,
    );
}
