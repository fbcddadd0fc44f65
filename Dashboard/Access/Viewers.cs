using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orleans.Pipeline.Gateway.Access;
using Orleans.Pipeline.Gateway.Settings;

namespace Orleans.Pipeline.Dashboard.Access;

/// <summary>Finds the viewer of a request. A key that is removed from the settings, and a token that expires, end their sessions.</summary>
internal sealed partial class Viewers(Callers callers, TimeProvider timeProvider, ILogger<Viewers> logger)
{
    /// <summary>How long a viewer stays signed in after the last request. With a token, the longest session.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromHours(12);

    public bool TakeTokens => callers.HaveTokens;

    /// <summary>Returns the viewer of a user; null if the user must authenticate, or may not view.</summary>
    public Viewer? Of(ClaimsPrincipal? user)
    {
        if (!callers.AreAsked)
        {
            return new Viewer(Caller.Anyone, isSignedIn: false);
        }

        return ViewerClaims.Read(user, callers, timeProvider.GetUtcNow()) is { } caller && caller.May(Viewer.AnyOf)
            ? new Viewer(caller, isSignedIn: true)
            : null;
    }

    /// <summary>
    /// Finds the caller of an API key or a token. Returns null, and logs the reason, if there is none or the caller may not view.
    /// </summary>
    public async Task<SignedIn?> SignInAsync(string secret, HttpContext context)
    {
        var isToken = callers.HaveTokens && !secret.StartsWith(ApiKey.Prefix, StringComparison.Ordinal);
        var found = isToken ? await FindByTokenAsync(secret, context) : FindByKey(secret);
        if (found.Caller is { } caller && !caller.May(Viewer.AnyOf))
        {
            found = new(Fault: $"'{caller.Name}' may {ScopeNames.Join(caller.Scopes, "and")}; this needs "
                + $"{ScopeNames.Join(Viewer.AnyOf, "or")}.");
        }

        if (found.Fault is { } fault)
        {
            Refused(context.Connection.RemoteIpAddress, fault);
            return null;
        }

        return isToken
            ? new(ViewerClaims.OfToken(found.Caller!, found.Expires!.Value), found.Expires)
            : new(ViewerClaims.OfKey(found.Caller!), Expires: null);
    }

    private TokenCheck FindByKey(string key) =>
        callers.FindByKey(key) is { } caller ? new(caller) : new(Fault: "The API key is not known here.");

    private async Task<TokenCheck> FindByTokenAsync(string token, HttpContext context)
    {
        context.Request.Headers.Authorization = $"Bearer {token}";
        var found = await TokenCaller.CheckAsync(context);
        var longest = timeProvider.GetUtcNow() + Lasts;
        return found with { Expires = found.Expires < longest ? found.Expires : longest };
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Refused to sign in to the dashboard from {Address}: {Reason}")]
    private partial void Refused(IPAddress? address, string reason);
}

/// <summary>A viewer that signed in, and when the session ends at the latest.</summary>
/// <param name="User">The identity for the cookie.</param>
/// <param name="Expires">When the session ends; null if each request extends it.</param>
internal sealed record SignedIn(ClaimsPrincipal User, DateTimeOffset? Expires);
