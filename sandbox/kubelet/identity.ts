import path from "node:path";
import { writeFileAtomic } from "../process/atomic-file.ts";
import { writeKubeconfig } from "../cluster/kubeconfig.ts";
import type { ClusterHandle } from "../cluster/spec.ts";
import type { Association, ClusterContext } from "./context.ts";
import type { Container, Pod, TokenSource } from "./pod.ts";

/** Where the ServiceAccount admission plugin mounts the pod's token, CA and namespace. */
const SERVICE_ACCOUNT_MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

const POD_IDENTITY_AUDIENCE = "pods.eks.amazonaws.com";
const POD_IDENTITY_TOKEN_SECONDS = 86_400;

/** A token of the pod's service account, bound to the pod: it dies with it. */
export async function issueToken(context: ClusterContext, pod: Pod, source: TokenSource): Promise<string> {
    const { namespace, name, uid } = pod.metadata;
    const account = pod.spec.serviceAccountName ?? "default";
    const request = {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: {
            ...(source.audience === undefined ? {} : { audiences: [source.audience] }),
            expirationSeconds: source.expirationSeconds ?? 3600,
            boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
        },
    };
    const resource = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
    const { status } = await context.client.create<{ status: { token: string } }>(resource, request);
    return status.token;
}

/**
 * What stands in for the in-cluster configuration, whose address and paths are fixed: a kubeconfig that reads the
 * mounted token. Empty for a container that mounts none (automountServiceAccountToken: false).
 * @param root the container's root folder.
 */
export function kubernetesEnv(
    handle: ClusterHandle,
    namespace: string,
    container: Container,
    root: string,
): Record<string, string> {
    if (container.volumeMounts?.some((mount) => mount.mountPath === SERVICE_ACCOUNT_MOUNT) !== true) {
        return {};
    }
    const file = path.join(root, "kubeconfig");
    const tokenFile = path.join(root, SERVICE_ACCOUNT_MOUNT, "token");
    writeKubeconfig(file, {
        name: "in-cluster",
        namespace,
        server: handle.endpoint,
        caData: handle.caData,
        user: { tokenFile },
    });
    return { KUBECONFIG: file };
}

/** Writes the token that the Pod Identity endpoint takes; call it again before a day is over. */
export async function writePodIdentityToken(context: ClusterContext, pod: Pod, podDir: string): Promise<void> {
    const token = await issueToken(context, pod, {
        audience: POD_IDENTITY_AUDIENCE,
        expirationSeconds: POD_IDENTITY_TOKEN_SECONDS,
        path: "",
    });
    writeFileAtomic(podIdentityTokenFile(podDir), token);
}

/**
 * AWS SDKs of a pod reach the twin only, whether or not the pod has an identity: nothing of the user's shell, files or
 * instance metadata gets in. With an association, the variables that EKS injects.
 * https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
 */
export function awsEnv(
    { daemonUrl, handle }: { daemonUrl: string; handle: ClusterHandle },
    podDir: string,
    association: Association | undefined,
): Record<string, string> {
    const region = association?.region ?? handle.region;
    const identity = {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `${daemonUrl}/v1/credentials`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: podIdentityTokenFile(podDir),
        AWS_STS_REGIONAL_ENDPOINTS: "regional",
    };
    return {
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_ENDPOINT_URL: daemonUrl,
        AWS_ENDPOINT_URL_STS: daemonUrl,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: daemonUrl,
        // External Secrets' own names (pkg/provider/aws).
        AWS_SECRETSMANAGER_ENDPOINT: daemonUrl,
        AWS_STS_ENDPOINT: daemonUrl,
        AWS_EC2_METADATA_DISABLED: "true",
        AWS_CONFIG_FILE: "/dev/null",
        AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
        ...(association === undefined ? {} : identity),
    };
}

function podIdentityTokenFile(podDir: string): string {
    return path.join(podDir, "pod-identity-token");
}
