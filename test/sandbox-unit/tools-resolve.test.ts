import assert from "node:assert/strict";
import {
    accessSync,
    chmodSync,
    constants,
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import {
    MissingToolsError,
    resolveTools,
    ToolBuildError,
    type ToolName,
    type ToolProgress,
} from "../../sandbox/tools/index.ts";

/** A `go` whose `build` runs the given shell lines, with the path to write to in $out; only absolute commands. */
function fakeGo(build: string, version = "1.26.8"): string {
    return `
if [ "$1" = env ]; then echo go${version}; exit; fi
if [ "$1" = mod ]; then echo "{\\"Dir\\": \\"$FAKE_MODULE\\"}"; exit; fi
while [ "$1" != -o ]; do shift; done
out=$2
${build}`;
}

/** Writes a tool that prints its version, as `go build` would. */
function printing(text: string): string {
    return `printf '#!/bin/sh\\necho ${text}\\n' > "$out"; /bin/chmod +x "$out"`;
}

describe("resolving tools", () => {
    let folder: string;
    let bin: string;
    let tools: string;
    let events: ToolProgress[];

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "fleet-tools-"));
        bin = path.join(folder, "bin");
        tools = path.join(folder, "cache", "gitops-fleet", "tools");
        events = [];
        mkdirSync(bin);
    });

    afterEach(() => rmSync(folder, { recursive: true }));

    function executable(name: string, script: string): string {
        const file = path.join(bin, name);
        writeFileSync(file, `#!/bin/sh\n${script}\n`);
        chmodSync(file, 0o755);
        return file;
    }

    function resolve(names: ToolName[], signal?: AbortSignal) {
        return resolveTools(names, {
            onProgress: (event) => events.push(event),
            env: { PATH: bin, XDG_CACHE_HOME: path.join(folder, "cache"), FAKE_MODULE: folder },
            ...(signal && { signal }),
        });
    }

    /** The changes of state; a slow machine repeats `building`. */
    function changes(): ToolProgress[] {
        return events.filter(({ tool, state }, index) => {
            const before = events[index - 1];
            return before?.tool !== tool || before.state !== state;
        });
    }

    const states = (): string[] =>
        changes().map(({ tool, state, position, total }) => `${position}/${total} ${tool} ${state}`);
    const unfinished = (): string[] => readdirSync(path.join(tools, ".unfinished"));

    it("takes one from PATH that fits", async () => {
        const file = executable("etcd", "echo etcd Version: 3.6.20");
        assert.deepEqual(await resolve(["etcd"]), { etcd: { path: file, version: "3.6.20", origin: "path" } });
        assert.deepEqual(states(), ["1/1 etcd found"]);
    });

    it("takes any of a tool's names, and passes over what does not fit", async () => {
        executable("redis-server", "echo Redis server v=5.0.7 sha=0");
        const file = executable("valkey-server", "echo Valkey server v=8.1.3 sha=0");
        assert.deepEqual(await resolve(["redis"]), { redis: { path: file, version: "8.1.3", origin: "path" } });
    });

    it("asks a script for its version each time, for it may start another program tomorrow", async () => {
        executable("helm", "echo v3.18.0+gabcdef");
        assert.equal((await resolve(["helm"])).helm.version, "3.18.0");
        executable("helm", "echo v3.19.0+gabcdef");
        assert.equal((await resolve(["helm"])).helm.version, "3.19.0");
    });

    it("builds what is missing once, and finds it in the cache from then on, even without Go", async () => {
        executable("go", fakeGo(printing("v5.8.2")));
        const built = await resolve(["kustomize"]);
        assert.equal(built.kustomize.origin, "built");
        assert.ok(existsSync(built.kustomize.path));
        executable("go", "exit 1");
        assert.deepEqual(await resolve(["kustomize"]), built);
        assert.deepEqual(states(), ["1/1 kustomize building", "1/1 kustomize built", "1/1 kustomize cached"]);
        assert.deepEqual(unfinished(), []);
    });

    it("does not take a link to its own build for the machine's tool", async () => {
        executable("go", fakeGo(printing("v5.8.2")));
        const built = await resolve(["kustomize"]);
        symlinkSync(built.kustomize.path, path.join(bin, "kustomize"));
        assert.deepEqual(await resolve(["kustomize"]), built);
    });

    it("builds again with another minor release of Go, not with another patch", async () => {
        executable("go", fakeGo(printing("v5.8.2")));
        const { path: built } = (await resolve(["kustomize"])).kustomize;
        executable("go", fakeGo(printing("v5.8.2"), "1.26.9"));
        assert.equal((await resolve(["kustomize"])).kustomize.path, built);
        executable("go", fakeGo(printing("v5.8.2"), "1.27.0"));
        assert.notEqual((await resolve(["kustomize"])).kustomize.path, built);
    });

    it("builds the quickest module first, and a module in the order of the catalog", async () => {
        executable("go", fakeGo(`case "$out" in */pulumi) ${printing("v3.256.0")};; *) exit 1;; esac`));
        await assert.rejects(resolve(["kustomize", "external-secrets", "kube-apiserver", "pulumi"]), {
            tool: "kube-apiserver",
        });
        assert.deepEqual(states(), [
            "1/4 pulumi building",
            "1/4 pulumi built",
            "2/4 kube-apiserver building",
            "2/4 kube-apiserver failed",
        ]);
        assert.deepEqual(
            changes().map(({ expectedSeconds, laterSeconds }) => [expectedSeconds, laterSeconds]),
            [
                [98, 289],
                [98, 289],
                [132, 157],
                [132, 157],
            ],
        );
    });

    it("keeps a tool's assets, with scripts executable, beside its binary or alone when it is on PATH", async () => {
        for (const name of [
            "manifests/crds",
            "manifests/base",
            "manifests/cluster-rbac",
            "manifests/cluster-install",
        ]) {
            mkdirSync(path.join(folder, name), { recursive: true });
        }
        for (const name of ["manifests/ha/base", "manifests/ha/cluster-install", "hack"]) {
            mkdirSync(path.join(folder, name), { recursive: true });
        }
        for (const name of ["git-verify-wrapper.sh", "gpg-wrapper.sh", "git-ask-pass.sh"]) {
            writeFileSync(path.join(folder, "hack", name), "exit", { mode: 0o444 });
        }
        executable("go", fakeGo(printing("argocd: v3.5.7+unknown")));
        const own = executable("argocd", "echo argocd: v3.5.9+abc");
        const found = (await resolve(["argocd"])).argocd;
        rmSync(own);
        const built = (await resolve(["argocd"])).argocd;
        assert.deepEqual([built.origin, found.origin, found.version], ["built", "path", "3.5.9"]);
        assert.notEqual(found.assets, built.assets);
        for (const assets of [built.assets ?? "", found.assets ?? ""]) {
            assert.deepEqual(readdirSync(assets).toSorted(), ["hack", "manifests"]);
            accessSync(path.join(assets, "hack", "gpg-wrapper.sh"), constants.X_OK);
        }
    });

    it("says which command to run when a build fails, and leaves nothing half made", async () => {
        executable("go", fakeGo("echo '# example.org/x' >&2; echo 'x.go:1:2: undefined: y' >&2; exit 2"));
        await assert.rejects(resolve(["kustomize"]), (error) => {
            assert.ok(error instanceof ToolBuildError);
            assert.match(error.message, /^kustomize could not be built: go ended with code 2\./);
            assert.match(error.message, /x\.go:1:2: undefined: y/);
            assert.match(
                error.command,
                /^cd \S*\/modules\/kubernetes && env GOMODCACHE=.* go build .* -o \/dev\/null sigs/,
            );
            assert.ok(error.message.includes(error.command) && error.message.includes(error.logFile));
            return true;
        });
        assert.deepEqual(unfinished(), []);
        assert.ok(!existsSync(path.join(tools, "kustomize")) && !existsSync(path.join(tools, "build.lock")));
    });

    it("refuses a build that reports another version than the pinned one", async () => {
        executable("go", fakeGo(printing("v0.0.0")));
        await assert.rejects(resolve(["kustomize"]), /the new binary reports version 0\.0\.0, but 5\.8\.2 is pinned/);
        assert.ok(!existsSync(path.join(tools, "kustomize")));
    });

    it("ends the compilers and leaves nothing when it is stopped", async () => {
        const stop = new AbortController();
        executable("go", fakeGo(`/bin/sh -c ': > "${folder}/compiling"; exec /bin/sleep 60'`));
        const running = resolve(["kustomize"], stop.signal);
        const timer = setInterval(() => existsSync(path.join(folder, "compiling")) && stop.abort(), 20);
        await assert.rejects(running, { name: "AbortError" });
        clearInterval(timer);
        assert.deepEqual(unfinished(), []);
        assert.ok(!existsSync(path.join(tools, "build.lock")));
        assert.equal(events.at(-1)?.state, "failed");
    });

    it("removes what a killed build left, and builds", async () => {
        mkdirSync(path.join(tools, ".unfinished", "kustomize.999999999.abcd"), { recursive: true });
        executable("go", fakeGo(printing("v5.8.2")));
        await resolve(["kustomize"]);
        assert.deepEqual(unfinished(), []);
    });

    it("lists everything that is missing at once, with both ways out, where there is no Go", async () => {
        const kubectl = executable("kubectl", "echo Client Version: v1.30.1");
        const argocd = executable("argocd", "echo argocd: v3.5.7");
        await assert.rejects(resolve(["kubectl", "external-secrets", "argocd"]), (error) => {
            assert.ok(error instanceof MissingToolsError);
            assert.deepEqual(error.message.split("\n"), [
                "3 of the tools are missing, and they cannot be built because Go is not installed:",
                `  kubectl (at least 1.35.0, below 1.38.0); ${kubectl} is 1.30.1`,
                "  external-secrets (0.20.4, built from source only)",
                `  argocd (at least 3.5.0, below 3.6.0); ${argocd} fits, but fetching github.com/argoproj/argo-cd/v3 takes Go`,
                "Either install Go 1.26.3 or newer (https://go.dev/dl/), and the next run builds them,",
                "or install kubectl, argocd on PATH: the others are only ever built from source.",
            ]);
            return true;
        });
    });

    it("says so where Go is too old", async () => {
        executable("go", fakeGo("exit 1", "1.22.2"));
        await assert.rejects(resolve(["etcd"]), /because Go 1\.22\.2 is too old/);
    });
});
