import { argocdDocs } from "../../rule/frameworks.ts";
import { resourceRule } from "../../rule/resource-rule.ts";
import { application, applicationSet } from "../../rule/tokens.ts";
import { map, text } from "../../rule/values.ts";

/** Applications belong to a project with limits that is written down. */
export const argoNoDefaultProject = resourceRule(
    {
        name: "argo-no-default-project",
        description: "Name a project of your own, literally, in each Application and ApplicationSet.",
        severity: "high",
        framework: argocdDocs("operator-manual/applicationset/Security", "Templated project field"),
        why: "The project default may deploy anything anywhere, and a templated project is chosen by whoever writes the generator's source.",
        remediationSteps:
            "Set spec.project (of an ApplicationSet: spec.template.spec.project) to the name of an AppProject.",
        bad: { type: application, props: { spec: { project: "default" } } },
        good: { type: application, props: { spec: { project: "fleet-root" } } },
    },
    [application, applicationSet],
    ({ type, props, fail }) => {
        const spec = map(props["spec"]);
        const project = text(type === application ? spec["project"] : map(map(spec["template"])["spec"])["project"]);
        if (project === "" || project === "default") {
            fail("is in the project default. Fix: set project to one of yours.");
        } else if (project.includes("{{")) {
            fail(`takes its project from a template (${project}). Fix: write the project's name.`);
        }
    },
);
