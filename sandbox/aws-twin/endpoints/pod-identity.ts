import { randomUUID } from "node:crypto";
import { type Handler, json, type Request, type Response } from "../../daemon/http.ts";
import { RequestContext } from "../iam/condition-keys.ts";
import { explainReasons } from "../iam/explain.ts";
import type { EksClusterRecord, IamRole } from "../iam/source.ts";
import { withPrefix } from "./caller.ts";
import type { IssuedSession } from "./credential-store.ts";
import { type AwsServices, decide, refuse, ServiceError, type TokenReviewStatus } from "./services.ts";

const SERVICE = "pods.eks.amazonaws.com";
/** https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html */
const SESSION_SECONDS = 6 * 60 * 60;

/**
 * What the EKS Pod Identity Agent serves at `/v1/credentials`: credentials of the role that is associated with the
 * service account whose token is in the Authorization header, if the role's trust policy lets EKS assume it.
 */
export function podIdentityHandler(services: AwsServices): Handler {
    return async (request) => {
        try {
            return credentialsAnswer(await podCredentials(services, request));
        } catch (error) {
            if (!(error instanceof ServiceError)) throw error;
            return json(400, { code: error.code, message: error.message });
        }
    };
}

/** The credentials endpoint of the identity that starts every chain; only for who has the operator's token. */
export function operatorHandler(services: AwsServices): Handler {
    return (request) => {
        const { roleArn, token } = services.operator;
        if (request.headers.authorization?.replace(/^Bearer /, "") !== token) {
            refuse(services, "(unknown)", "sts:AssumeRole", roleArn, "the operator's token is missing or wrong");
            return Promise.resolve(json(401, { code: "Unauthorized", message: "the operator's token is required" }));
        }
        const role = services.source.role(roleArn);
        if (role === undefined) throw new Error(`the operator's role ${roleArn} does not exist in the twin`);
        const session = { roleArn, roleId: role.uniqueId, sessionName: "operator", tags: {}, transitiveTagKeys: [] };
        return Promise.resolve(credentialsAnswer(services.credentials.issue(session, 3600)));
    };
}

/** The JSON of container credential endpoints. */
function credentialsAnswer({
    accessKeyId,
    secretAccessKey,
    sessionToken,
    expiration,
    roleArn,
}: IssuedSession): Response {
    return json(200, {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        Token: sessionToken,
        Expiration: expiration.replace(/\.\d+Z$/, "Z"),
        AccountId: roleArn.split(":")[4],
    });
}

async function podCredentials(services: AwsServices, request: Request): Promise<IssuedSession> {
    const token = request.headers.authorization ?? "";
    const cluster = services.source.clusterByIssuer(issuerOf(token) ?? "");
    const reject = (code: string, who: string, why: string): ServiceError =>
        new ServiceError(
            code,
            why,
            refuse(services, who, "eks-auth:AssumeRoleForPodIdentity", cluster?.arn ?? "*", why),
        );
    if (cluster === undefined) {
        throw reject(
            "InvalidTokenException",
            "(unknown pod)",
            "no cluster issued the token in the Authorization header",
        );
    }
    const review = await services.verifyToken(cluster.key, token);
    const pod = readPod(review);
    if (pod === undefined) {
        const why = `cluster ${cluster.name} does not accept the token for audience ${SERVICE}: ${review.error ?? "not a service account"}`;
        throw reject("InvalidTokenException", "(unknown pod)", why);
    }
    const association = cluster.podIdentityAssociations.find(
        ({ namespace, serviceAccount }) => namespace === pod.namespace && serviceAccount === pod.serviceAccount,
    );
    const who = `${cluster.name}/${pod.namespace}/${pod.serviceAccount}`;
    if (association === undefined) {
        const why = `cluster ${cluster.name} has no pod identity association for service account ${pod.namespace}/${pod.serviceAccount}`;
        throw reject("ResourceNotFoundException", who, why);
    }
    const role = services.source.role(association.roleArn);
    if (role === undefined) {
        throw reject("AccessDeniedException", who, `role ${association.roleArn} of the association does not exist`);
    }
    const tags: Record<string, string> = association.disableSessionTags === true ? {} : sessionTags(cluster, pod);
    const sessionName =
        `eks-${cluster.name}-${pod.name}`.replace(/[^\w+=,.@-]/g, "-").slice(0, 27) + `-${randomUUID()}`;
    for (const action of ["sts:AssumeRole", "sts:TagSession"])
        authorize(services, cluster, role, action, tags, sessionName);
    return services.credentials.issue(
        { roleArn: role.arn, roleId: role.uniqueId, sessionName, tags, transitiveTagKeys: Object.keys(tags) },
        SESSION_SECONDS,
    );
}

interface Pod {
    namespace: string;
    serviceAccount: string;
    name: string;
    uid: string;
}

function readPod({ authenticated, user }: TokenReviewStatus): Pod | undefined {
    const [, namespace, serviceAccount] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user?.username ?? "") ?? [];
    if (authenticated !== true || namespace === undefined || serviceAccount === undefined) return undefined;
    const extra = (key: string): string => user?.extra?.[`authentication.kubernetes.io/${key}`]?.[0] ?? "";
    return { namespace, serviceAccount, name: extra("pod-name"), uid: extra("pod-uid") };
}

/** https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html: all of them transitive. */
function sessionTags(cluster: EksClusterRecord, pod: Pod): Record<string, string> {
    return {
        "eks-cluster-arn": cluster.arn,
        "eks-cluster-name": cluster.name,
        "kubernetes-namespace": pod.namespace,
        "kubernetes-service-account": pod.serviceAccount,
        "kubernetes-pod-name": pod.name,
        "kubernetes-pod-uid": pod.uid,
    };
}

function authorize(
    services: AwsServices,
    cluster: EksClusterRecord,
    role: IamRole,
    action: string,
    tags: Record<string, string>,
    sessionName: string,
): void {
    const now = services.clock();
    const decision = decide(services, {
        principal: { type: "service", service: SERVICE },
        action,
        resource: { arn: role.arn, accountId: role.accountId, kind: "role", policy: role.trustPolicy },
        context: new RequestContext({
            "aws:CurrentTime": now.toISOString(),
            "aws:EpochTime": String(Math.floor(now.getTime() / 1000)),
            "aws:PrincipalIsAWSService": "true",
            "aws:PrincipalServiceName": SERVICE,
            "aws:RequestedRegion": cluster.region,
            "aws:ResourceAccount": role.accountId,
            "aws:SecureTransport": "true",
            "aws:SourceAccount": cluster.accountId,
            "aws:SourceArn": cluster.arn,
            "aws:TagKeys": Object.keys(tags),
            "sts:RoleSessionName": sessionName,
            "sts:TransitiveTagKeys": Object.keys(tags),
            ...withPrefix("aws:RequestTag/", tags),
            ...withPrefix("aws:ResourceTag/", role.tags),
        }),
    });
    if (decision.allowed) return;
    const message = "Unauthorized Exception! EKS does not have permissions to assume the associated role: ";
    throw new ServiceError("AccessDeniedException", message + explainReasons(decision), decision.id);
}

/** The `iss` of a JWT, unverified: it only says whom to ask. */
function issuerOf(token: string): string | undefined {
    try {
        const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
        return typeof claims === "object" && claims !== null && "iss" in claims ? String(claims.iss) : undefined;
    } catch {
        return undefined;
    }
}
