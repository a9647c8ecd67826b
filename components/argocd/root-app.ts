import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { type ArgocdInstall, argocdNamespace } from "../../contract/names.ts";
import type { GitSource } from "../registration/cluster-facts.ts";

/** Name of the root's AppProject. */
const rootProject = "fleet-root";

/** Inputs of {@link RootApp}. */
export interface RootAppArgs {
    /** The hub's cluster; chooses `bootstrap/hubs/<hub>.yaml`. */
    hubClusterName: string;
    /** How Argo CD knows that cluster. */
    hubServer: string;
    /** Who runs Argo CD; it manages itself from Git only where Pulumi's Helm release began. */
    install: ArgocdInstall;
    git: GitSource;
    /** Helm repository that replaces the upstream ones. */
    chartMirror?: string | undefined;
    /** Vault in which clusters outside AWS register. Without it none can. */
    vaultAddress?: string | undefined;
}

/**
 * The hand-over: one Application that points at `<path>/bootstrap` in Git. Everything after it is Git's. The root may
 * only create Applications and AppProjects; what those may do, their own projects say.
 */
export class RootApp extends pulumi.ComponentResource {
    /** `opts.dependsOn` delays both objects: their kinds come with Argo CD. */
    constructor(name: string, args: RootAppArgs, opts?: pulumi.ComponentResourceOptions) {
        super("fleet:argocd:RootApp", name, {}, opts);
        const project = new kubernetes.apiextensions.CustomResource(
            `${name}-project`,
            {
                apiVersion: "argoproj.io/v1alpha1",
                kind: "AppProject",
                metadata: { name: rootProject, namespace: argocdNamespace },
                spec: rootProjectSpec(args),
            },
            { parent: this, dependsOn: opts?.dependsOn },
        );
        new kubernetes.apiextensions.CustomResource(
            `${name}-application`,
            {
                apiVersion: "argoproj.io/v1alpha1",
                kind: "Application",
                metadata: {
                    name: "root",
                    namespace: argocdNamespace,
                    labels: { cluster: args.hubClusterName, component: "root", group: "bootstrap" },
                    // Deleting the root waits until its Applications are gone. Otherwise the one by which Argo CD
                    // manages itself would restore what uninstalling the release has just removed.
                    finalizers: ["resources-finalizer.argocd.argoproj.io"],
                },
                spec: rootApplicationSpec(args),
            },
            {
                parent: this,
                dependsOn: [project],
                // People ask for a refresh by annotation, and Argo CD removes it.
                ignoreChanges: ["metadata.annotations"],
                customTimeouts: { delete: "10m" },
            },
        );
        this.registerOutputs({});
    }
}

/** One repository in, two kinds out, in one namespace of the hub. */
export function rootProjectSpec(args: RootAppArgs) {
    return {
        description: "The root Application and the project definitions; nothing else can be deployed through it.",
        sourceRepos: [args.git.url],
        destinations: [{ server: args.hubServer, namespace: argocdNamespace }],
        clusterResourceWhitelist: [],
        namespaceResourceWhitelist: [
            { group: "argoproj.io", kind: "Application" },
            { group: "argoproj.io", kind: "AppProject" },
        ],
    };
}

/** The bootstrap chart, with the values that are facts of the stack. */
export function rootApplicationSpec(args: RootAppArgs) {
    const { url, revision, path } = args.git;
    return {
        project: rootProject,
        destination: { server: args.hubServer, namespace: argocdNamespace },
        source: {
            repoURL: url,
            targetRevision: revision,
            path: `${path}/bootstrap`,
            helm: {
                releaseName: "root",
                valueFiles: [`hubs/${args.hubClusterName}.yaml`],
                valuesObject: {
                    repoURL: url,
                    revision,
                    path,
                    hub: args.hubClusterName,
                    hubServer: args.hubServer,
                    argocdInstall: args.install,
                    chartMirror: args.chartMirror ?? "",
                    vaultAddress: args.vaultAddress ?? "",
                },
            },
        },
        syncPolicy: {
            automated: { prune: true, selfHeal: true },
            // Without a limit: a bootstrap that gave up would need a person. `refresh` lets a fixing commit in.
            retry: { limit: -1, refresh: true, backoff: { duration: "5s", factor: 2, maxDuration: "3m" } },
            syncOptions: ["ServerSideApply=true"],
        },
    };
}
