import { readdir } from "node:fs/promises";
import path from "node:path";
import type { Fleet } from "../../sandbox/support/fleet.ts";

/**
 * Installs Argo CD on the hub as somebody without Pulumi would: the hub's stack without its hand-over to Git, then
 * `helm install` with the values that are in Git.
 */
export async function installArgocd(fleet: Fleet): Promise<void> {
    await inShell(fleet, "pulumi", "stack", "select", "--create", "--secrets-provider", "passphrase", "hub");
    const withoutHandOver = ["--exclude", "**fleet:argocd:RootApp**", "--exclude-dependents"];
    await inShell(fleet, "pulumi", "up", "--yes", "--skip-preview", "--stack", "hub", ...withoutHandOver);

    const chart = (await readdir(fleet.layout.charts)).find((name) => /^argo-cd-.*\.tgz$/.test(name));
    const values = path.join(fleet.layout.repo, "gitops", "bootstrap", "argocd");
    const words = ["helm", "install", "argocd", path.join(fleet.layout.charts, chart ?? "argo-cd")];
    words.push("--kubeconfig", path.join(fleet.layout.kubeconfigs, "hub-01"));
    words.push("--namespace", "argocd", "--create-namespace", "--wait", "--timeout", "5m");
    words.push("--values", path.join(values, "values.yaml"), "--values", path.join(values, "hubs", "hub-01.yaml"));
    await inShell(fleet, ...words);
}

async function inShell(fleet: Fleet, ...words: string[]): Promise<void> {
    await fleet.cli(["shell", "--", ...words]);
}
