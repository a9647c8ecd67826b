/** A folder under `modules/` with the go.mod and go.sum that pin a family of tools. */
export type GoModule = "pulumi" | "kubernetes" | "external-secrets" | "vault";

/** How a tool that is already installed tells its version, and which versions fit. */
export interface OnPath {
    /** Names of the executable, the preferred one first. */
    names: readonly string[];
    /** Arguments that print the version. */
    args: readonly string[];
    /** Its first group is `major.minor.patch`, with any pre-release. */
    pattern: RegExp;
    /** Lowest version that fits. */
    min: string;
    /** First version that no longer fits. */
    below: string;
}

/** What a tool needs at run time besides its binary: parts of a Go module's source. */
export interface Assets {
    /** Path of the Go module, pinned by the go.mod of the tool's family. */
    module: string;
    /** Files and folders, relative to the module and, after the copy, to the assets folder. */
    paths: readonly string[];
    /** Those of `paths` to make executable: a module archive carries no file modes. */
    executables?: readonly string[];
}

/** One tool of the sandbox. */
export interface ToolSpec {
    /** The pinned version: what a build gives. A test holds it to go.mod. */
    version: string;
    /** What PATH may offer instead. Absent: the binary cannot tell its version, so it is always built. */
    onPath?: OnPath;
    module: GoModule;
    /** Go package of its `main`; `./…` is our own source in the module's folder. */
    package: string;
    /** Name of the built binary. */
    binary: string;
    /** Module path in go.mod that the pinned version belongs to. */
    pinnedBy: string;
    /** Go variables set at link time; without them a server reports v0.0.0. */
    variables?: Readonly<Record<string, string>>;
    assets?: Assets;
    /**
     * Seconds on two idle cores: as the first build of its module, and after the ones before it in this table, which
     * leave most of its packages compiled.
     */
    expectedSeconds: { first: number; after: number };
}
