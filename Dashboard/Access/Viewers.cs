using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Gateway.Access;

namespace Orleans.Pipeline.Dashboard.Access;

/// <summary>Finds out who looks. A key that is taken out of the settings, and a token that ends, end what was begun with them.</summary>
internal sealed partial class Viewers(Callers callers, TimeProvider timeProvider, ILogger<Viewers> logger)
{
    /// <summary>How long somebody stays signed in after they last looked; one with a token, at the most.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromHours(12);

    /// <summary>Whether somebody can sign in by a token.</summary>
    public bool TakeTokens => callers.HaveTokens;

    /// <summary>The viewer that a user is; null if they must say who they are, or may not look.</summary>
    public Viewer? Of(ClaimsPrincipal? user)
    {
        if (!callers.AreAsked)
        {
            return new Viewer(Caller.Anyone, isSignedIn: false);
        }

        return ViewerClaims.Read(user, callers, timeProvider.GetUtcNow()) is { } caller && caller.May(Viewer.AnyOf) ? new Viewer(caller, isSignedIn: true) : null;
    }

    /// <summary>Finds who has an API key or a token; null, and told in the log, if nobody has, or they may not look.</summary>
    public async Task<SignedIn?> SignInAsync(string secret, HttpContext context)
    {
        var isToken = callers.HaveTokens && !secret.StartsWith(ApiKey.Prefix, StringComparison.Ordinal);
        var found = isToken ? await FindByTokenAsync(secret, context) : FindByKey(secret);
        if (found.Caller is { } caller && !caller.May(Viewer.AnyOf))
        {
            found = new(Fault: $"'{caller.Name}' may {ScopeNames.Join(caller.Scopes, "and")}; this needs {ScopeNames.Join(Viewer.AnyOf, "or")}.");
        }

        if (found.Fault is { } fault)
        {
            Refused(context.Connection.RemoteIpAddress, fault);
            return null;
        }

        return isToken ? new(ViewerClaims.OfToken(found.Caller!, found.Expires!.Value), found.Expires) : new(ViewerClaims.OfKey(found.Caller!), Expires: null);
    }

    private TokenCheck FindByKey(string key) => callers.FindByKey(key) is { } caller ? new(caller) : new(Fault: "The API key is not known here.");

    private async Task<TokenCheck> FindByTokenAsync(string token, HttpContext context)
    {
        context.Request.Headers.Authorization = $"Bearer {token}";
        var found = await TokenCaller.CheckAsync(context);
        var longest = timeProvider.GetUtcNow() + Lasts;
        return found with { Expires = found.Expires < longest ? found.Expires : longest };
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused to sign in to the dashboard from {Address}: {Reason}")]
    private partial void Refused(IPAddress? address, string reason);
}

/// <summary>Who signed in, and when that ends whatever they do.</summary>
/// <param name="User">The identity for the cookie.</param>
/// <param name="Expires">When it ends; null if it goes on for as long as they look.</param>
internal sealed record SignedIn(ClaimsPrincipal User, DateTimeOffset? Expires);
