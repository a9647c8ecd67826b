import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import type { GoModule } from "./tool-spec.ts";
import { compareReleases } from "./version.ts";

const run = promisify(execFile);

/** The Go command of this machine. */
export interface GoToolchain {
    /** `major.minor.patch` */
    version: string;
    /** `major.minor` */
    minor: string;
}

/** Folder with the go.mod and go.sum of a module. */
export function moduleFolder(module: GoModule): string {
    return path.join(import.meta.dirname, "modules", module);
}

/** The Go release that a module's go.mod asks for, as `major.minor.patch`. */
export function requiredGo(module: GoModule): string {
    const version = /^go (\d+\.\d+)(\.\d+)?$/m.exec(readFileSync(path.join(moduleFolder(module), "go.mod"), "utf8"));
    if (!version) {
        throw new Error(`${module}/go.mod has no go line.`);
    }
    return `${version[1]}${version[2] ?? ".0"}`;
}

/** Go on PATH, or undefined when there is none (or one without a release number). */
export async function findGo(env: NodeJS.ProcessEnv): Promise<GoToolchain | undefined> {
    try {
        // Outside any module: inside one that wants a newer Go, even `go env` refuses.
        const options = { cwd: tmpdir(), env: { ...env, GOTOOLCHAIN: "local", GOWORK: "off", GO111MODULE: "off" } };
        const { stdout } = await run("go", ["env", "GOVERSION"], options);
        const version = /^go(\d+)\.(\d+)(?:\.(\d+))?(?=\s|$)/.exec(stdout.trim());
        return version
            ? { version: `${version[1]}.${version[2]}.${version[3] ?? "0"}`, minor: `${version[1]}.${version[2]}` }
            : undefined;
    } catch {
        return undefined;
    }
}

/** Whether this Go builds that module. */
export function builds(go: GoToolchain | undefined, module: GoModule): go is GoToolchain {
    return go !== undefined && compareReleases(go.version, requiredGo(module)) >= 0;
}

/** GOOS and GOARCH of this machine. */
export function goPlatform(): { GOOS: string; GOARCH: string } {
    const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: "amd64", ia32: "386" };
    return {
        GOOS: process.platform === "win32" ? "windows" : process.platform,
        GOARCH: architectures[process.arch] ?? process.arch,
    };
}

/**
 * The settings of every Go command, for the message that repeats one as well as for running it. They overrule the
 * user's own, so that the result depends on the pinned sources alone; where modules come from (GOPROXY, GOPRIVATE…)
 * stays the user's choice. The caches are our own: they grow to 10 GB and may be deleted at any time.
 */
export function goSettings(cacheRoot: string): Record<string, string> {
    return {
        GOMODCACHE: path.join(cacheRoot, "go", "mod"),
        GOCACHE: path.join(cacheRoot, "go", "build"),
        GOFLAGS: `-p=${availableParallelism()} -buildvcs=false -modcacherw`,
        CGO_ENABLED: "0",
        GOTOOLCHAIN: "local",
        GOWORK: "off",
        GO111MODULE: "on",
        ...goPlatform(),
    };
}

/** The environment of a Go command; `GOTMPDIR` is where its scratch files go. */
export function goEnvironment(env: NodeJS.ProcessEnv, cacheRoot: string, GOTMPDIR: string): NodeJS.ProcessEnv {
    const { GOAMD64: _amd64, GOARM64: _arm64, GOEXPERIMENT: _experiment, ...rest } = env;
    return { ...rest, ...goSettings(cacheRoot), GOTMPDIR };
}
