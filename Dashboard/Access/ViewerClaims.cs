using System.Globalization;
using System.Security.Claims;
using Orleans.Pipeline.Gateway.Access;
using Orleans.Pipeline.Gateway.Settings;

namespace Orleans.Pipeline.Dashboard.Access;

/// <summary>
/// The claims in the cookie of a viewer: of a key its name, and the settings have the rest; of a token what it
/// allows and until when, because only the token has that.
/// </summary>
internal static class ViewerClaims
{
    private const string ScopeClaim = "scope";
    private const string Topic = "topic";
    private const string Pipeline = "pipeline";
    private const string Expires = "expires";

    /// <summary>The claims of a caller who signed in by a key.</summary>
    public static ClaimsPrincipal OfKey(Caller caller) => Principal([new Claim(ClaimTypes.Name, caller.Name)]);

    /// <summary>The claims of a caller who signed in by a token.</summary>
    public static ClaimsPrincipal OfToken(Caller caller, DateTimeOffset expires) => Principal(
    [
        new Claim(ClaimTypes.Name, caller.Name),
        .. ScopeNames.Of(caller.Scopes).Select(name => new Claim(ScopeClaim, name)),
        .. caller.Topics.Select(pattern => new Claim(Topic, pattern)),
        .. caller.Pipelines.Select(pattern => new Claim(Pipeline, pattern)),
        new Claim(Expires, expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
    ]);

    /// <summary>The caller who signed in, as of now; null if the settings no longer know them, or their token has ended.</summary>
    public static Caller? Read(ClaimsPrincipal? user, Callers callers, DateTimeOffset now)
    {
        var identity = user?.Identities.FirstOrDefault(
            identity => identity is { IsAuthenticated: true, AuthenticationType: DashboardAccess.Scheme });
        if (identity?.Name is not { } name)
        {
            return null;
        }

        if (identity.FindFirst(Expires) is not { } expires)
        {
            return callers.FindByName(name);
        }

        return callers.HaveTokens && now.ToUnixTimeSeconds() < long.Parse(expires.Value, CultureInfo.InvariantCulture)
            ? new Caller(
                name, ScopeNames.Parse(Values(identity, ScopeClaim)), [.. Values(identity, Topic)], [.. Values(identity, Pipeline)])
            : null;
    }

    private static ClaimsPrincipal Principal(IEnumerable<Claim> claims) => new(new ClaimsIdentity(claims, DashboardAccess.Scheme));

    private static IEnumerable<string> Values(ClaimsIdentity identity, string type) => identity.FindAll(type).Select(claim => claim.Value);
}
