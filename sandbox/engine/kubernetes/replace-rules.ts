import type { Props } from "../kit/types.ts";
import { textAt } from "./object.ts";

/** Which mutable kinds the provider was told to treat as such. */
export interface Mutability {
    enableSecretMutable: boolean;
    enableConfigMapMutable: boolean;
}

const CONTAINER_FIELDS = [
    ..."args command env image imagePullPolicy lifecycle livenessProbe ports readinessProbe resources".split(" "),
    ..."securityContext stdin stdinOnce terminationMessagePath terminationMessagePolicy tty".split(" "),
    ..."volumeDevices volumeMounts workingDir".split(" "),
];
const POD_FIELDS = [
    ..."affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC".split(" "),
    ..."hostNetwork hostPID hostname imagePullSecrets nodeName nodeSelector overhead preemptionPolicy".split(" "),
    ..."priority priorityClassName readinessGates restartPolicy runtimeClassName schedulerName".split(" "),
    ..."securityContext serviceAccount serviceAccountName shareProcessNamespace subdomain".split(" "),
    ..."terminationGracePeriodSeconds volumes".split(" "),
];

/**
 * Fields that Kubernetes does not let change, by `apiVersion/kind`; `[*]` stands for any list index.
 * Source: pulumi-kubernetes, provider/pkg/provider/diff.go (forceNew).
 */
const RULES: Readonly<Record<string, readonly string[]>> = {
    "apps/v1/DaemonSet": ["spec.selector"],
    "apps/v1/Deployment": ["spec.selector"],
    "apps/v1/StatefulSet": [
        "spec.podManagementPolicy",
        "spec.revisionHistoryLimit",
        "spec.selector",
        "spec.serviceName",
        "spec.volumeClaimTemplates",
    ],
    "batch/v1/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
    "rbac.authorization.k8s.io/v1/ClusterRoleBinding": ["roleRef"],
    "rbac.authorization.k8s.io/v1/RoleBinding": ["roleRef"],
    "storage.k8s.io/v1/StorageClass": ["parameters", "provisioner"],
    "v1/PersistentVolumeClaim": ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
    "v1/Pod": [
        ...POD_FIELDS.map((field) => `spec.${field}`),
        ...CONTAINER_FIELDS.flatMap((field) => [`spec.containers[*].${field}`, `spec.initContainers[*].${field}`]),
    ],
    "v1/ResourceQuota": ["spec.scopes"],
    "v1/Service": ["spec.clusterIP"],
};

/** Paths of `object` whose change means a new object. */
export function replacePaths(object: Props, mutability: Mutability): string[] {
    const id = `${textAt(object, "apiVersion")}/${textAt(object, "kind")}`;
    return ["metadata.name", "metadata.namespace", ...(RULES[id] ?? []), ...dataPaths(id, object, mutability)];
}

/** Data of Secrets and ConfigMaps is fixed by default: who reads it must notice a change. */
function dataPaths(id: string, object: Props, mutability: Mutability): string[] {
    const immutable = object["immutable"] === true;
    if (id === "v1/Secret") {
        return mutability.enableSecretMutable && !immutable ? ["type"] : ["type", "stringData", "data"];
    }
    if (id === "v1/ConfigMap") {
        return mutability.enableConfigMapMutable && !immutable ? [] : ["binaryData", "data"];
    }
    return [];
}
