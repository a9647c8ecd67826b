import path from "node:path";

/** Where one sandbox keeps everything it makes. Deleting `root` deletes the sandbox. */
export interface Layout {
    /** The checkout whose stacks run. */
    repo: string;
    root: string;
    bin: string;
    logs: string;
    state: string;
    kubeconfigs: string;
    charts: string;
    gitRepository: string;
    pulumiHome: string;
    pulumiBackend: string;
    /** The private project folder: Pulumi.yaml and `cfg/`. */
    pulumiProject: string;
    daemonFile: string;
    daemonLog: string;
}

export function layout(repo: string, dir: string): Layout {
    const root = path.resolve(repo, dir);
    const at = (...parts: string[]) => path.join(root, ...parts);
    return {
        repo: path.resolve(repo),
        root,
        bin: at("bin"),
        logs: at("logs"),
        state: at("state"),
        kubeconfigs: at("kubeconfigs"),
        charts: at("charts"),
        gitRepository: at("git", "fleet.git"),
        pulumiHome: at("pulumi", "home"),
        pulumiBackend: at("pulumi", "backend"),
        pulumiProject: at("pulumi", "project"),
        daemonFile: at("daemon.json"),
        daemonLog: at("logs", "daemon.log"),
    };
}

/** The supervisor's record of what runs. */
export function processesFile(layout: Layout): string {
    return path.join(layout.state, "processes.json");
}
