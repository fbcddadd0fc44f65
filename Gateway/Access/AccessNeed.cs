using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace Orleans.Pipeline.Gateway.Access;

/// <summary>What an endpoint's route says of the thing that it is about.</summary>
internal enum Subject
{
    None,

    Topic,

    Pipeline,
}

/// <summary>
/// What a caller of an endpoint needs: one of some scopes and, if the endpoint is about one thing, that thing among its own.
/// </summary>
internal sealed record AccessNeed(Scopes AnyOf, Subject Subject = Subject.None, string RouteValue = "") : IAuthorizeData
{
    /// <summary>The name of the authorization policy of all endpoints.</summary>
    public const string PolicyName = "Orleans.Pipeline.Gateway";

    /// <summary>The requirement of an endpoint that declares none. No caller meets it.</summary>
    public static readonly AccessNeed Unsaid = new(Scopes.None);

    /// <summary>Closes those endpoints of a group that do not say what they need and are not open on purpose.</summary>
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
