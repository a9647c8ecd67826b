import type { Props } from "../../../engine/kit/types.ts";
import { documentNow, pin, pinnedFrom, pinnedToProps } from "../../policy-documents.ts";
import { text } from "../../schema/field.ts";
import { json } from "../../schema/formats.ts";
import { textOf, type Context, type ResourceType } from "../../schema/resource-type.ts";
import { T } from "../../tokens.ts";
import { requireRepository } from "./repository.ts";

/** Who may use a repository. One policy per repository: the last writer wins, as in AWS. */
export const repositoryPolicy: ResourceType = {
    token: T.repositoryPolicy,
    inputs: {
        policy: text({ required: true, json: true, check: json }),
        repository: text({ required: true, replaces: true }),
    },
    computed: ["registryId"],
    create: (context, inputs) => ({
        id: textOf(inputs, "repository"),
        computed: { registryId: context.place.accountId },
        hidden: { policy: written(context, inputs) },
    }),
    update: (context, _item, inputs) => ({ computed: {}, hidden: { policy: written(context, inputs) } }),
    refresh: (context, item): Props => {
        const policy = pinnedFrom(item.hidden, "policy");
        return policy === undefined ? {} : { policy: documentNow(context.view, policy) };
    },
};

function written(context: Context, inputs: Props): Props {
    const { id } = requireRepository(context, textOf(inputs, "repository"));
    const label = `policy of repository ${id}`;
    return pinnedToProps(pin(context.view, textOf(inputs, "policy"), "repository", label, "InvalidParameterException"));
}
