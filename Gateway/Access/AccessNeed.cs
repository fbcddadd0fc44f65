using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace Orleans.Pipeline.Gateway.Access;

internal enum Subject
{
    None,

    Topic,

    Pipeline,
}

/// <summary>The requirement of an endpoint: one of some scopes and, if the endpoint is about a topic or pipeline, access to it.</summary>
internal sealed record AccessNeed(Scopes AnyOf, Subject Subject = Subject.None, string RouteValue = "") : IAuthorizeData
{
    public const string PolicyName = "Orleans.Pipeline.Gateway";

    /// <summary>The requirement of an endpoint that declares none. No caller meets it.</summary>
    public static readonly AccessNeed Unsaid = new(Scopes.None);

    /// <summary>Denies access to the endpoints of a group that declare no requirement and are not anonymous on purpose.</summary>
    public static void CloseUnsaid(IEndpointConventionBuilder group) => group.Finally(endpoint =>
    {
        if (!endpoint.Metadata.Any(said => said is AccessNeed or IAllowAnonymous))
        {
            endpoint.Metadata.Add(Unsaid);
        }
    });

    string? IAuthorizeData.Policy { get; set; } = PolicyName;

    string? IAuthorizeData.Roles { get; set; }

    string? IAuthorizeData.AuthenticationSchemes { get; set; }
}
