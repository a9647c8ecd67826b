/**
 * EKS access policies as rules, like those of a Kubernetes ClusterRole. From "Review access policy permissions":
 * https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
 */
export interface AccessRule {
    /** `""` is the core group; `*` is every group. */
    apiGroup: string;
    /** With subresources as `pods/exec`; `*` is every resource and subresource. */
    resources: readonly string[];
    verbs: readonly string[];
}

const READ = words("get list watch");
const WRITE = words("create delete deletecollection patch update");

const VIEW: readonly AccessRule[] = [
    {
        apiGroup: "apps",
        resources: [
            ...withStatus("daemonsets deployments replicasets statefulsets"),
            ...words("controllerrevisions deployments/scale replicasets/scale statefulsets/scale"),
        ],
        verbs: READ,
    },
    { apiGroup: "autoscaling", resources: withStatus("horizontalpodautoscalers"), verbs: READ },
    { apiGroup: "batch", resources: withStatus("cronjobs jobs"), verbs: READ },
    { apiGroup: "discovery.k8s.io", resources: ["endpointslices"], verbs: READ },
    {
        apiGroup: "extensions",
        resources: [
            ...withStatus("daemonsets deployments ingresses replicasets"),
            ...words("deployments/scale networkpolicies replicasets/scale replicationcontrollers/scale"),
        ],
        verbs: READ,
    },
    { apiGroup: "networking.k8s.io", resources: [...withStatus("ingresses"), "networkpolicies"], verbs: READ },
    { apiGroup: "policy", resources: withStatus("poddisruptionbudgets"), verbs: READ },
    {
        apiGroup: "",
        resources: [
            ...withStatus("persistentvolumeclaims services pods replicationcontrollers resourcequotas namespaces"),
            ...words("configmaps endpoints replicationcontrollers/scale serviceaccounts"),
            ...words("bindings events limitranges pods/log"),
        ],
        verbs: READ,
    },
];

const SCALABLE = words("deployments deployments/rollback deployments/scale replicasets replicasets/scale");
const POD_ACCESS = words("pods/attach pods/exec pods/portforward pods/proxy");

const EDIT: readonly AccessRule[] = [
    ...VIEW,
    {
        apiGroup: "apps",
        resources: [...SCALABLE, ...words("daemonsets statefulsets statefulsets/scale")],
        verbs: WRITE,
    },
    { apiGroup: "autoscaling", resources: ["horizontalpodautoscalers"], verbs: WRITE },
    { apiGroup: "batch", resources: words("cronjobs jobs"), verbs: WRITE },
    {
        apiGroup: "extensions",
        resources: [...SCALABLE, ...words("daemonsets ingresses networkpolicies replicationcontrollers/scale")],
        verbs: WRITE,
    },
    { apiGroup: "networking.k8s.io", resources: words("ingresses networkpolicies"), verbs: WRITE },
    { apiGroup: "policy", resources: ["poddisruptionbudgets"], verbs: WRITE },
    { apiGroup: "", resources: [...POD_ACCESS, "secrets", "services/proxy"], verbs: READ },
    { apiGroup: "", resources: ["serviceaccounts"], verbs: ["impersonate"] },
    { apiGroup: "", resources: ["pods", ...POD_ACCESS], verbs: WRITE },
    {
        apiGroup: "",
        resources: [
            ...words("configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale"),
            ...words("secrets serviceaccounts services services/proxy"),
        ],
        verbs: WRITE,
    },
];

const ADMIN: readonly AccessRule[] = [
    ...EDIT,
    { apiGroup: "authorization.k8s.io", resources: ["localsubjectaccessreviews"], verbs: ["create"] },
    { apiGroup: "rbac.authorization.k8s.io", resources: words("rolebindings roles"), verbs: [...READ, ...WRITE] },
];

export interface AccessPolicy {
    rules: readonly AccessRule[];
    /** Every verb on every non-resource URL, such as `/metrics`. */
    nonResourceUrls: boolean;
}

const PREFIX = "arn:aws:eks::aws:cluster-access-policy/";

/** The access policies that the twin knows, by ARN. */
export const ACCESS_POLICIES: Readonly<Record<string, AccessPolicy>> = {
    [`${PREFIX}AmazonEKSClusterAdminPolicy`]: {
        rules: [{ apiGroup: "*", resources: ["*"], verbs: ["*"] }],
        nonResourceUrls: true,
    },
    [`${PREFIX}AmazonEKSAdminPolicy`]: { rules: ADMIN, nonResourceUrls: false },
    [`${PREFIX}AmazonEKSAdminViewPolicy`]: {
        rules: [{ apiGroup: "*", resources: ["*"], verbs: READ }],
        nonResourceUrls: false,
    },
    [`${PREFIX}AmazonEKSSecretReaderPolicy`]: {
        rules: [{ apiGroup: "", resources: ["secrets"], verbs: READ }],
        nonResourceUrls: false,
    },
    // For the agents of Auto Mode's nodes, which kwok does not run: nobody signs in as one.
    [`${PREFIX}AmazonEKSAutoNodePolicy`]: { rules: [], nonResourceUrls: false },
    [`${PREFIX}AmazonEKSEditPolicy`]: { rules: EDIT, nonResourceUrls: false },
    [`${PREFIX}AmazonEKSViewPolicy`]: { rules: VIEW, nonResourceUrls: false },
};

/**
 * The policy with this ARN.
 * @throws Error that names an ARN which the twin does not know.
 */
export function accessPolicy(arn: string): AccessPolicy {
    const policy = Object.hasOwn(ACCESS_POLICIES, arn) ? ACCESS_POLICIES[arn] : undefined;
    if (policy !== undefined) return policy;
    throw new Error(`access policy "${arn}" is not known here (known: ${Object.keys(ACCESS_POLICIES).join(", ")})`);
}

/** Whether a rule covers a verb on a resource of an API group. */
export function ruleCovers(rule: AccessRule, apiGroup: string, resource: string, verb: string): boolean {
    return lists([rule.apiGroup], apiGroup) && lists(rule.resources, resource) && lists(rule.verbs, verb);
}

function lists(list: readonly string[], value: string): boolean {
    return list.includes("*") || list.includes(value);
}

function words(list: string): string[] {
    return list.split(" ");
}

/** Each resource and its status subresource. */
function withStatus(list: string): string[] {
    return words(list).flatMap((name) => [name, `${name}/status`]);
}
