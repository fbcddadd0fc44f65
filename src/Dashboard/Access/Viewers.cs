using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Orleans.Pipeline.Gateway.Access;

namespace Orleans.Pipeline.Dashboard.Access;

/// <summary>Finds out who looks. A key that is taken out of the settings ends what was begun with it.</summary>
internal sealed class Viewers(Callers callers)
{
    /// <summary>The viewer that a user is; null if they must say who they are, or may not look.</summary>
    public Viewer? Of(ClaimsPrincipal? user)
    {
        if (!callers.AreAsked)
        {
            return new Viewer(Caller.Anyone, isSignedIn: false);
        }

        var identity = user?.Identities.FirstOrDefault(identity => identity is { IsAuthenticated: true, AuthenticationType: DashboardAccess.Scheme });
        return identity?.Name is { } name && callers.FindByName(name) is { } caller && caller.May(Viewer.AnyOf) ? new Viewer(caller, isSignedIn: true) : null;
    }

    /// <summary>The identity of a key's caller, for the cookie; null if there is no such caller, or it may not look.</summary>
    public ClaimsPrincipal? SignIn(string key) => callers.FindByKey(key) is { } caller && caller.May(Viewer.AnyOf)
        ? new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, caller.Name)], DashboardAccess.Scheme))
        : null;
}

/// <summary>The requirement of the dashboard's pages: that the user is a viewer.</summary>
internal sealed class ViewerRequirement : IAuthorizationRequirement;

/// <summary>Lets viewers through; where nobody is asked who they are, those on this machine only, as the gateway does.</summary>
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
