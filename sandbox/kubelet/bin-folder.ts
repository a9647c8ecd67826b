import { copyFileSync, chmodSync, existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import type { HostTools } from "./context.ts";

/** One binary is all of Argo CD: it acts by the name it is called. */
const ARGOCD_NAMES = [
    "argocd",
    "argocd-application-controller",
    "argocd-applicationset-controller",
    "argocd-k8s-auth",
    "argocd-notifications",
    "argocd-repo-server",
    "argocd-server",
];

/** Called by name by the repo-server; in its image they lie in /usr/local/bin. */
const ARGOCD_SCRIPTS = ["git-ask-pass.sh", "git-verify-wrapper.sh", "gpg-wrapper.sh"];

/** Fills the folder that stands first on every pod's PATH, with what the images have in /usr/local/bin. */
export function fillBinFolder(bin: string, tools: HostTools): void {
    mkdirSync(bin, { recursive: true });
    for (const name of ARGOCD_NAMES) {
        link(tools.argocd.path, path.join(bin, name));
    }
    link(tools["external-secrets"].path, path.join(bin, "external-secrets"));
    link(tools.redis.path, path.join(bin, "redis-server"));
    link(tools.helm.path, path.join(bin, "helm"));
    link(tools.kustomize.path, path.join(bin, "kustomize"));
    const { assets } = tools.argocd;
    if (assets === undefined) {
        throw new Error("argocd comes without its scripts (hack/): resolve the tool with its assets.");
    }
    for (const script of ARGOCD_SCRIPTS) {
        const target = path.join(bin, script);
        if (!existsSync(target)) {
            copyFileSync(path.join(assets, "hack", script), target);
            chmodSync(target, 0o755);
        }
    }
}

function link(target: string, name: string): void {
    rmSync(name, { force: true });
    symlinkSync(target, name);
}
