/** What a cluster asks of its control plane. */
export interface ClusterSpec {
    /**
     * Whether AWS runs it: then the daemon decides, as EKS does, who a caller is and what its access policies allow. A
     * cluster outside AWS knows service accounts and its administrator. @default true
     */
    eks?: boolean;

    /** Twelve digits; `outside` for a cluster outside AWS, whose region is `none`. */
    accountId: string;
    region: string;
    name: string;
    /** Minor, e.g. `1.35`. */
    kubernetesVersion: string;
    /** IPv4 CIDR of the Services. */
    serviceCidr: string;
    /** `iss` of service account tokens: the cluster's OIDC issuer URL. */
    issuer: string;
}

/** How to reach a running control plane. */
export interface ClusterHandle {
    /** `<account>.<name>`; unique in a sandbox. */
    key: string;
    accountId: string;
    region: string;
    name: string;
    /** `https://127.0.0.1:<port>`. */
    endpoint: string;
    /** Base64 of the PEM certificate, as EKS's `certificateAuthority.data`. */
    caData: string;
    issuer: string;
    /** Path of a kubeconfig with the sandbox's own administrator (system:masters). */
    adminKubeconfig: string;
    /** Kubernetes minor, e.g. `1.35`. */
    version: string;
}

export interface Taint {
    key: string;
    value?: string;
    effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** A managed node group, or a node pool of EKS Auto Mode. */
export type NodeKind = "nodeGroup" | "nodePool";

/** Nodes that come and go together. */
export interface NodeGroup {
    name: string;
    /** @default nodeGroup */
    kind?: NodeKind;
    count: number;
    /** Minor; the nodes' kubelet version. */
    kubernetesVersion: string;
    labels: Record<string, string>;
    taints: Taint[];
    /** EC2 instance type, e.g. `m7g.large`. */
    instanceType: string;
}

/** A binary and, where it needs them, files of its Go module's source under `assets`. */
export interface ClusterTool {
    path: string;
    assets?: string;
}

export type ClusterTools = Record<
    "etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler" | "kwok",
    ClusterTool
>;

/** What kube-apiserver 1.36 emulates by `--emulated-version`. */
export const KUBERNETES_VERSIONS = ["1.33", "1.34", "1.35", "1.36"];

export function clusterKey(spec: { accountId: string; name: string }): string {
    return `${spec.accountId}.${spec.name}`;
}

/** Throws when the sandbox cannot run this Kubernetes version. */
export function checkKubernetesVersion(version: string): void {
    if (!KUBERNETES_VERSIONS.includes(version)) {
        throw new Error(
            `Kubernetes ${version} cannot run in the sandbox: its API server serves ${KUBERNETES_VERSIONS.join(", ")}. ` +
                `Choose one of these.`,
        );
    }
}

/** First address of an IPv4 CIDR: the `kubernetes` Service. */
export function firstAddress(cidr: string): string {
    const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(cidr);
    if (match === null) {
        throw new Error(`Service CIDR ${cidr} is not an IPv4 CIDR such as 172.20.0.0/16.`);
    }
    return `${match[1]}.${match[2]}.${match[3]}.${Number(match[4]) + 1}`;
}
