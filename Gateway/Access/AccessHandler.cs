using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Gateway.Settings;

namespace Orleans.Pipeline.Gateway.Access;

/// <summary>The one requirement of the policy of all endpoints. The endpoint's <see cref="AccessNeed"/> says what it is.</summary>
internal sealed class AccessRequirement : IAuthorizationRequirement;

/// <summary>Admits callers that meet the endpoint's requirement, and logs each refusal once.</summary>
internal sealed partial class AccessHandler(ILogger<AccessHandler> logger) : IAuthorizationHandler
{
    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        // There are several if both the endpoint and its group declare what they need. The endpoint's own applies.
        var requirements = context.PendingRequirements.OfType<AccessRequirement>().ToList();
        if (requirements.Count > 0 && context.Resource is HttpContext request)
        {
            if (Refuse(request) is { } refusal)
            {
                request.Features.Set(refusal);
            }
            else
            {
                requirements.ForEach(context.Succeed);
            }
        }

        return Task.CompletedTask;
    }

    private AccessRefusal? Refuse(HttpContext context)
    {
        var request = context.Request;
        var address = context.Connection.RemoteIpAddress;
        if (context.Features.Get<Caller>() is not { } caller)
        {
            var refusal = context.Features.Get<AccessRefusal>() ?? new AccessRefusal("The request has no credentials.");
            Unauthenticated(request.Method, request.Path.ToUriComponent(), address, refusal.Detail);
            return refusal;
        }

        if (Lack(caller, context) is not { } lack)
        {
            return null;
        }

        Forbidden(request.Method, request.Path.ToUriComponent(), caller.Name, address, lack);
        return new AccessRefusal($"'{caller.Name}' {lack}");
    }

    private static string? Lack(Caller caller, HttpContext context)
    {
        var need = context.GetEndpoint()?.Metadata.GetMetadata<AccessNeed>() ?? AccessNeed.Unsaid;
        if (!caller.May(need.AnyOf))
        {
            return need == AccessNeed.Unsaid
                ? "may not do this: the endpoint declares no requirement."
                : $"may {ScopeNames.Join(caller.Scopes, "and")}; this needs {ScopeNames.Join(need.AnyOf, "or")}.";
        }

        var name = need.Subject == Subject.None ? "" : (string?)context.GetRouteValue(need.RouteValue) ?? "";
        return need.Subject switch
        {
            Subject.Topic when !caller.HasTopic(name) => $"has no access to topic '{name}'; its topics are "
                + $"{string.Join(", ", caller.Topics)}.",
            Subject.Pipeline when !caller.HasPipeline(name) => $"has no access to pipeline '{name}'; its pipelines are "
                + $"{string.Join(", ", caller.Pipelines)}.",
            _ => null,
        };
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Refused {Method} {Path} from {Address}, which is not authenticated: {Reason}")]
    private partial void Unauthenticated(string method, string path, System.Net.IPAddress? address, string reason);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "Refused {Method} {Path} of '{Caller}' from {Address}: it {Reason}")]
    private partial void Forbidden(string method, string path, string caller, System.Net.IPAddress? address, string reason);
}
