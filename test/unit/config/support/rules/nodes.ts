import type { Tree } from "../../fixture.ts";
import { isLabel, type Rule } from "./rule.ts";

/** What EKS and Kubernetes say of nodes, add-ons and access entries. */
export const nodeRules: readonly Rule[] = [
    function somethingRunsPods({ cluster: { compute } }) {
        const { auto, nodeGroups } = compute;
        return auto === undefined ? Object.keys(nodeGroups).length > 0 : nodeGroups === undefined;
    },
    function groupNamesFit({ cluster }) {
        // With "-" and the 26 characters that the provider appends, 63 as EKS has it.
        return Object.keys(cluster.compute.nodeGroups ?? {}).every((name) => isLabel(name) && name.length + 27 <= 63);
    },
    function countsAreOrdered({ cluster }) {
        return groupsOf(cluster).every(({ minSize, desiredSize, maxSize }) => {
            return minSize <= desiredSize && desiredSize <= maxSize;
        });
    },
    function instancesBootTheImage({ cluster }) {
        return groupsOf(cluster).every(({ instanceTypes, amiType = "AL2023_ARM_64_STANDARD" }) => {
            const onArm = amiType.includes("ARM");
            return instanceTypes.every((type: string) => {
                const [family = "", size = "", ...more] = type.split(".");
                const isArm = family === "a1" || /\dg|-gb/.test(family);
                return more.length === 0 && /^[a-z]+\d/.test(family) && /^[a-z0-9-]+$/.test(size) && isArm === onArm;
            });
        });
    },
    function nodesFollowTheControlPlane({ cluster }) {
        const minor = (version: string) => Number(version.slice("1.".length));
        return groupsOf(cluster).every(({ kubernetesVersion = cluster.kubernetesVersion }) => {
            const behind = minor(cluster.kubernetesVersion) - minor(kubernetesVersion);
            return behind >= 0 && behind <= 3;
        });
    },
    function labelsAndTaintsAreKubernetes({ cluster }) {
        return groupsOf(cluster).every(({ labels = {}, taints = [] }) => {
            const keys = [...Object.keys(labels), ...taints.map(({ key }: { key: string }) => key)];
            const values: string[] = [...Object.values<string>(labels), ...taints.map(({ value = "" }) => value)];
            return keys.every(isOwnKey) && values.every((value) => value === "" || isQualified(value));
        });
    },
    function addonsFitTheCluster({ cluster: { addons = {}, kubernetesVersion, compute } }) {
        const versions = Object.entries<string>(addons);
        const areBuilds = versions.every(([, version]) => /^v\d+\.\d+\.\d+-eksbuild\.\d+$/.test(version));
        // kube-proxy is a part of Kubernetes, and versioned with it.
        const proxyFits = addons["kube-proxy"]?.startsWith(`v${kubernetesVersion}.`) ?? true;
        return areBuilds && proxyFits && (compute.auto === undefined || versions.length === 0);
    },
    function oneKarpenterStartsNodes({ cluster: { compute }, addonRoles }) {
        return compute.auto === undefined || addonRoles?.karpenter !== true;
    },
    function accessIsGivenToRolesOnce({ cluster, account, iam: { path = "/fleet/" } = {} }) {
        const access: Tree[] = cluster.access ?? [];
        const entries = access.map((entry) => `${entry.principalArn} ${entry.access}`);
        const { id, deployRole = "fleet-deployer" } = account;
        const own = [`role/${deployRole}`, `role${path}${cluster.name}-argocd-spoke`];
        return (
            new Set(entries).size === entries.length &&
            access.every(({ principalArn }) => {
                const [name, isArn] = [principalArn.split(":")[5], principalArn.startsWith(`arn:aws:iam::${id}:role/`)];
                return isArn && !/[*?]/.test(principalArn) && !own.includes(name);
            })
        );
    },
];

function groupsOf(cluster: Tree): Tree[] {
    return Object.values(cluster.compute.nodeGroups ?? {});
}

/** `[prefix/]name`, without the prefixes that Kubernetes, EKS and the fleet keep for themselves. */
function isOwnKey(key: string): boolean {
    const [name = "", prefix, ...more] = key.split("/").toReversed();
    const reserved = ["kubernetes.io", "k8s.io", "eks.amazonaws.com", "fleet"];
    const isFree = prefix === undefined || !reserved.some((each) => prefix === each || prefix.endsWith(`.${each}`));
    return isQualified(name) && isFree && (prefix === undefined || prefix !== "") && more.length === 0;
}

function isQualified(name: string): boolean {
    return /^[A-Za-z0-9_.-]{1,63}$/.test(name) && !/^[_.-]|[_.-]$/.test(name);
}
