/** The parts of a Pod, as the API serves it, that the kubelet reads. */

export interface KeySelector {
    name: string;
    key: string;
    optional?: boolean;
}

export interface EnvVar {
    name: string;
    value?: string;
    valueFrom?: {
        configMapKeyRef?: KeySelector;
        secretKeyRef?: KeySelector;
        fieldRef?: { fieldPath: string };
        resourceFieldRef?: { resource: string };
    };
}

export interface EnvFrom {
    prefix?: string;
    configMapRef?: { name: string; optional?: boolean };
    secretRef?: { name: string; optional?: boolean };
}

export interface Container {
    name: string;
    image: string;
    command?: string[];
    args?: string[];
    env?: EnvVar[];
    envFrom?: EnvFrom[];
    ports?: { name?: string; containerPort: number }[];
    volumeMounts?: { name: string; mountPath: string; subPath?: string }[];
}

export interface KeyToPath {
    key: string;
    path: string;
}

export interface ConfigMapSource {
    name: string;
    items?: KeyToPath[];
    optional?: boolean;
}

export interface DownwardSource {
    items?: { path: string; fieldRef?: { fieldPath: string } }[];
}

export interface TokenSource {
    audience?: string;
    expirationSeconds?: number;
    path: string;
}

export interface ProjectedSource {
    configMap?: ConfigMapSource;
    secret?: ConfigMapSource;
    downwardAPI?: DownwardSource;
    serviceAccountToken?: TokenSource;
}

export interface Volume {
    name: string;
    emptyDir?: object;
    configMap?: ConfigMapSource;
    secret?: { secretName: string; items?: KeyToPath[]; optional?: boolean };
    downwardAPI?: DownwardSource;
    projected?: { sources: ProjectedSource[] };
}

export interface Pod {
    metadata: {
        name: string;
        namespace: string;
        uid: string;
        labels?: Record<string, string>;
        annotations?: Record<string, string>;
        deletionTimestamp?: string;
        deletionGracePeriodSeconds?: number;
        resourceVersion: string;
    };
    spec: {
        nodeName?: string;
        serviceAccountName?: string;
        restartPolicy?: "Always" | "OnFailure" | "Never";
        containers: Container[];
        initContainers?: Container[];
        volumes?: Volume[];
        readinessGates?: { conditionType: string }[];
    };
    status?: { phase?: string; startTime?: string };
}

/** `<namespace>.<name>`: a pod's folder, and part of its process ids and port names. */
export function podFolder(pod: Pod): string {
    return `${pod.metadata.namespace}.${pod.metadata.name}`;
}

/**
 * The value of a downward API field (`metadata.name`, `metadata.labels['app']`, `status.podIP`…).
 * https://kubernetes.io/docs/concepts/workloads/pods/downward-api/
 */
export function podField(pod: Pod, fieldPath: string): string {
    const { metadata, spec } = pod;
    const subscript = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(fieldPath);
    if (subscript !== null) {
        const map = subscript[1] === "labels" ? metadata.labels : metadata.annotations;
        return map?.[subscript[2] ?? ""] ?? "";
    }
    const fields: Record<string, string> = {
        "metadata.name": metadata.name,
        "metadata.namespace": metadata.namespace,
        "metadata.uid": metadata.uid,
        "spec.nodeName": spec.nodeName ?? "",
        "spec.serviceAccountName": spec.serviceAccountName ?? "default",
        // On this machine a pod is reached on loopback.
        "status.podIP": "127.0.0.1",
        "status.podIPs": "127.0.0.1",
        "status.hostIP": "127.0.0.1",
    };
    const value = fields[fieldPath];
    if (value === undefined) {
        throw new Error(`fieldRef ${fieldPath} is not supported; supported: ${Object.keys(fields).join(", ")}.`);
    }
    return value;
}
