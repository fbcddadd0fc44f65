using Microsoft.AspNetCore.Authorization;
using Orleans.Pipeline.Access;

namespace Orleans.Pipeline.Gateway.Access;

/// <summary>What an endpoint's route says of the thing that it is about.</summary>
internal enum Subject
{
    /// <summary>It is about no one thing.</summary>
    None,

    /// <summary>It names a topic.</summary>
    Topic,

    /// <summary>It names a pipeline.</summary>
    Pipeline,
}

/// <summary>What a caller of an endpoint needs: one of some scopes and, if the endpoint is about one thing, that thing among its own.</summary>
internal sealed record AccessNeed(Scope AnyOf, Subject Subject = Subject.None, string RouteValue = "") : IAuthorizeData
{
    /// <summary>The name of the authorization policy of all of them.</summary>
    public const string PolicyName = "Orleans.Pipeline.Gateway";

    string? IAuthorizeData.Policy { get; set; } = PolicyName;

    string? IAuthorizeData.Roles { get; set; }

    string? IAuthorizeData.AuthenticationSchemes { get; set; }
}
