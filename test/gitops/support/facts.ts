import { clusterFacts, clusterFactsOutsideAws } from "../../../components/registration/cluster-facts.ts";
import type { ClusterFacts } from "../../../contract/cluster-secret.ts";
import type { FleetMember } from "../../../contract/fleet-member.ts";
import type { Registration } from "../../../contract/registration-secret.ts";
import { fleetRoleArn, inClusterServer, spokeRoleName } from "../../../contract/names.ts";

/** The repository as Pulumi's stacks state it. */
export const git = { url: "https://github.com/example-org/gitops-fleet.git", revision: "main", path: "gitops" };

/** The values that Pulumi's root Application sets. */
export const rootValues = {
    repoURL: git.url,
    revision: git.revision,
    path: git.path,
    hub: "hub-01",
    hubServer: inClusterServer,
    argocdInstall: "helm",
    chartMirror: "",
    vaultAddress: "https://vault.example.com",
};

/** The facts a member's stack would state. */
export function factsOf(member: FleetMember): ClusterFacts {
    return clusterFacts({
        clusterName: member.clusterName,
        accountId: accountOf(member),
        region: "eu-west-1",
        vpcId: "vpc-0a1b2c3d",
        environment: member.environment,
        kubernetesVersion: "1.35",
        git,
    });
}

/** What a member's stack would publish. */
export function registrationOf(member: FleetMember, hub: string): Registration {
    const name = member.clusterName;
    return {
        contract: "fleet.registration/v1",
        name,
        server: name === hub ? inClusterServer : `https://${name}.example.com`,
        caData: "LS0tLS0=",
        auth:
            name === hub
                ? { type: "inCluster" }
                : {
                      type: "aws",
                      clusterName: name,
                      roleArn: fleetRoleArn(accountOf(member), spokeRoleName(name)),
                  },
        facts: factsOf(member),
        capabilities: { vault: "false" },
    };
}

/** What the stack of a member whose cluster is outside AWS would publish. */
export function outsideRegistrationOf({ clusterName: name, environment }: FleetMember): Registration {
    return {
        contract: "fleet.registration/v1",
        name,
        server: `https://${name}.example.com:6443`,
        caData: "LS0tLS0=",
        auth: { type: "token", token: "t0ken" },
        facts: clusterFactsOutsideAws({ environment, kubernetesVersion: "1.35", git }),
        capabilities: { vault: "true" },
    };
}

/** Account in the member's secret ARN. */
function accountOf(member: FleetMember): string {
    const account = member.secretManagerSecretName.split(":")[4];
    if (account === undefined) {
        throw new Error(`${member.clusterName}: secretManagerSecretName is not an ARN`);
    }
    return account;
}
