import type { EksClusterSettings } from "./cluster/eks-cluster.ts";
import type { AddonRolesSpec } from "./identity/addon-roles.ts";
import type { RoleSettings } from "./identity/role-settings.ts";
import type { NetworkSpec } from "./network/cluster-network.ts";
import type { GitSource } from "./registration/cluster-facts.ts";
import type { VaultTenant } from "./vault/spoke-vault.ts";

/** What a hub and a spoke both are: one cluster in one account, driven by one repository. */
export interface StackArgs {
    /** Name of the Pulumi stack, for tags. */
    stack: string;
    /** What the cluster serves, for example dev, staging or prod. */
    environment: string;
    /** Team that answers for the cluster; a tag on every resource. */
    owner: string;
    /** Team whose workloads run on it. */
    tenant: string;
    /** AWS account, and the role in it that `pulumi up` runs as. The role exists before the fleet does. */
    account: { id: string; deployRole: string };
    region: string;
    network: NetworkSpec;
    cluster: EksClusterSettings & { name: string; endpoint: { public: boolean; publicCidrs: string[] } };
    /** Where the stack's roles are in IAM, and what bounds them. */
    iam: RoleSettings;
    /** Add-ons that get a role of their own. */
    addonRoles: AddonRolesSpec;
    /** Who reads the stack's outputs in SSM. */
    parameters: { readerAccounts: readonly string[] };
    /** How the registration is kept: see RegistrationSecretArgs. `replicaRegions` excludes the stack's own. */
    registration: { recoveryWindowInDays: number; replicaRegions: readonly string[] };
    /** Whether Pulumi refuses to delete keys, cluster and registration. */
    protect: boolean;
    git: GitSource;
    /** A Vault that exists already; without it the fleet keeps no secrets there. */
    vault?:
        | {
              address: string;
              sourceCidrs: readonly string[];
              mountPath: string;
              auditFile: string;
              tenants: readonly VaultTenant[];
          }
        | undefined;
}
