using System.Globalization;
using System.Security.Claims;
using Orleans.Pipeline.Gateway.Access;
using Orleans.Pipeline.Gateway.Settings;

namespace Orleans.Pipeline.Dashboard.Access;

/// <summary>
/// The claims in a viewer's cookie. For an API key it is the key's name, and the settings have the permissions. For a token it is also the
/// permissions and the expiry, because only the token has them.
/// </summary>
internal static class ViewerClaims
{
    private const string ScopeClaim = "scope";
    private const string Topic = "topic";
    private const string Pipeline = "pipeline";
    private const string Expires = "expires";

    public static ClaimsPrincipal OfKey(Caller caller) => Principal([new Claim(ClaimTypes.Name, caller.Name)]);

    public static ClaimsPrincipal OfToken(Caller caller, DateTimeOffset expires) => Principal(
    [
        new Claim(ClaimTypes.Name, caller.Name),
        .. ScopeNames.Of(caller.Scopes).Select(name => new Claim(ScopeClaim, name)),
        .. caller.Topics.Select(pattern => new Claim(Topic, pattern)),
        .. caller.Pipelines.Select(pattern => new Claim(Pipeline, pattern)),
        new Claim(Expires, expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
    ]);

    /// <summary>Returns the signed-in caller; null if the settings no longer have the key, or if the token has expired.</summary>
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
