using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Orleans.Pipeline.Gateway.Access;

namespace Orleans.Pipeline.Dashboard.Access;

internal sealed class ViewerRequirement : IAuthorizationRequirement;

/// <summary>Admits viewers. Where callers are not authenticated, admits those on this machine only, as the gateway does.</summary>
internal sealed class ViewerHandler(Viewers viewers, Callers callers) : AuthorizationHandler<ViewerRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ViewerRequirement requirement)
    {
        var isFromElsewhere = context.Resource is HttpContext { Connection.LocalIpAddress: { } local } && !IPAddress.IsLoopback(local);
        if (viewers.Of(context.User) is not null && (callers.MayComeFromElsewhere || !isFromElsewhere))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
