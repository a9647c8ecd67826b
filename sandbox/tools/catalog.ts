import type { ToolSpec } from "./tool-spec.ts";

const kubernetesVersion = {
    "k8s.io/component-base/version.gitVersion": "v1.36.3",
    "k8s.io/component-base/version.gitMajor": "1",
    "k8s.io/component-base/version.gitMinor": "36",
};

/** kube-apiserver serves older minors by `--emulated-version`; its companions must not be newer, so one minor for all. */
function controlPlane(name: string, expectedSeconds: ToolSpec["expectedSeconds"]): ToolSpec {
    return {
        version: "1.36.3",
        onPath: { names: [name], args: ["--version"], pattern: /Kubernetes v(\S+)/, min: "1.36.0", below: "1.37.0" },
        module: "kubernetes",
        package: `k8s.io/kubernetes/cmd/${name}`,
        binary: name,
        pinnedBy: "k8s.io/kubernetes",
        variables: kubernetesVersion,
        expectedSeconds,
    };
}

/**
 * Every tool: what fits on PATH, else how it is built. The order is the build order within a module; the modules share
 * nothing with each other, because their Kubernetes libraries differ.
 */
export const catalog = {
    pulumi: {
        version: "3.256.0",
        onPath: { names: ["pulumi"], args: ["version"], pattern: /^v(\S+)/m, min: "3.248.0", below: "4.0.0" },
        module: "pulumi",
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        binary: "pulumi",
        pinnedBy: "github.com/pulumi/pulumi/pkg/v3",
        variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "v3.256.0" },
        expectedSeconds: { first: 98, after: 98 },
    },
    vault: {
        version: "1.21.2",
        onPath: { names: ["vault"], args: ["version"], pattern: /^Vault v([^\s,]+)/m, min: "1.15.0", below: "3.0.0" },
        module: "vault",
        package: ".",
        binary: "vault",
        pinnedBy: "github.com/hashicorp/vault",
        expectedSeconds: { first: 130, after: 130 },
    },
    "external-secrets": {
        version: "0.20.4",
        module: "external-secrets",
        package: "github.com/external-secrets/external-secrets",
        binary: "external-secrets",
        pinnedBy: "github.com/external-secrets/external-secrets",
        assets: {
            module: "github.com/external-secrets/external-secrets",
            paths: ["deploy/charts/external-secrets", "config/crds/bases"],
        },
        expectedSeconds: { first: 156, after: 156 },
    },
    "kube-apiserver": controlPlane("kube-apiserver", { first: 132, after: 90 }),
    "kube-controller-manager": controlPlane("kube-controller-manager", { first: 140, after: 34 }),
    "kube-scheduler": controlPlane("kube-scheduler", { first: 120, after: 3 }),
    kubectl: {
        version: "1.36.3",
        // One minor either side of the control plane: Kubernetes' version skew policy.
        onPath: {
            names: ["kubectl"],
            args: ["version", "--client"],
            pattern: /Client Version: v(\S+)/,
            min: "1.35.0",
            below: "1.38.0",
        },
        module: "kubernetes",
        package: "k8s.io/kubernetes/cmd/kubectl",
        binary: "kubectl",
        pinnedBy: "k8s.io/kubernetes",
        variables: kubernetesVersion,
        expectedSeconds: { first: 70, after: 5 },
    },
    etcd: {
        version: "3.6.16",
        onPath: {
            names: ["etcd"],
            args: ["--version"],
            pattern: /etcd Version: (\S+)/,
            min: "3.6.0",
            below: "3.7.0",
        },
        module: "kubernetes",
        package: "go.etcd.io/etcd/server/v3",
        binary: "etcd",
        pinnedBy: "go.etcd.io/etcd/server/v3",
        expectedSeconds: { first: 33, after: 7 },
    },
    kwok: {
        version: "0.8.0",
        onPath: {
            names: ["kwok"],
            args: ["--version"],
            pattern: /kwok version v(\S+)/,
            min: "0.8.0",
            below: "0.9.0",
        },
        module: "kubernetes",
        package: "sigs.k8s.io/kwok/cmd/kwok",
        binary: "kwok",
        pinnedBy: "sigs.k8s.io/kwok",
        variables: { "sigs.k8s.io/kwok/pkg/consts.Version": "v0.8.0" },
        assets: { module: "sigs.k8s.io/kwok", paths: ["kustomize/stage"] },
        expectedSeconds: { first: 71, after: 8 },
    },
    helm: {
        version: "3.21.4",
        onPath: {
            names: ["helm"],
            args: ["version", "--short"],
            pattern: /^v(\S+)/m,
            min: "3.17.0",
            below: "4.0.0",
        },
        module: "kubernetes",
        package: "helm.sh/helm/v3/cmd/helm",
        binary: "helm",
        pinnedBy: "helm.sh/helm/v3",
        variables: { "helm.sh/helm/v3/internal/version.version": "v3.21.4" },
        expectedSeconds: { first: 79, after: 9 },
    },
    argocd: {
        version: "3.5.7",
        // One binary holds every component, chosen by its name or by ARGOCD_BINARY_NAME. The manifests below belong to
        // this minor.
        onPath: {
            names: ["argocd"],
            args: ["version", "--client", "--short"],
            pattern: /argocd: v(\S+)/,
            min: "3.5.0",
            below: "3.6.0",
        },
        module: "kubernetes",
        package: "github.com/argoproj/argo-cd/v3/cmd",
        binary: "argocd",
        pinnedBy: "github.com/argoproj/argo-cd/v3",
        variables: { "github.com/argoproj/argo-cd/v3/common.version": "3.5.7" },
        assets: {
            module: "github.com/argoproj/argo-cd/v3",
            paths: [
                "manifests/crds",
                "manifests/base",
                "manifests/cluster-rbac",
                "manifests/cluster-install",
                "manifests/ha/base",
                "manifests/ha/cluster-install",
                "hack/git-verify-wrapper.sh",
                "hack/gpg-wrapper.sh",
                "hack/git-ask-pass.sh",
            ],
            executables: ["hack/git-verify-wrapper.sh", "hack/gpg-wrapper.sh", "hack/git-ask-pass.sh"],
        },
        expectedSeconds: { first: 265, after: 71 },
    },
    kustomize: {
        version: "5.8.2",
        onPath: { names: ["kustomize"], args: ["version"], pattern: /v(\S+)/, min: "5.4.0", below: "6.0.0" },
        module: "kubernetes",
        package: "sigs.k8s.io/kustomize/kustomize/v5",
        binary: "kustomize",
        pinnedBy: "sigs.k8s.io/kustomize/kustomize/v5",
        variables: { "sigs.k8s.io/kustomize/api/provenance.version": "v5.8.2" },
        expectedSeconds: { first: 12, after: 1 },
    },
    redis: {
        // The version of miniredis, which the embedded server is made of.
        version: "2.38.0",
        onPath: {
            names: ["redis-server", "valkey-server"],
            args: ["--version"],
            pattern: /\bv=(\S+)/,
            min: "6.2.0",
            below: "10.0.0",
        },
        module: "kubernetes",
        package: "./redis",
        binary: "redis-server",
        pinnedBy: "github.com/alicebob/miniredis/v2",
        expectedSeconds: { first: 10, after: 1 },
    },
} as const satisfies Record<string, ToolSpec>;

export type ToolName = keyof typeof catalog;

export const toolNames = Object.keys(catalog) as ToolName[];

export function toolSpec(name: ToolName): ToolSpec {
    return catalog[name];
}

/** The names as tools; one that is not in the catalog is an error that lists them all. */
export function parseToolNames(names: readonly string[]): ToolName[] {
    const unknown = names.filter((name) => !Object.hasOwn(catalog, name));
    if (unknown.length > 0) {
        throw new Error(`Unknown tool ${unknown.join(", ")}. The tools are: ${toolNames.join(", ")}.`);
    }
    return [...new Set(names)] as ToolName[];
}
