using System.IO.Enumeration;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Orleans.Pipeline.Gateway.Access;

/// <summary>The caller of a request, with its permissions. Endpoints take it as a parameter.</summary>
internal sealed record Caller(string Name, Scopes Scopes, IReadOnlyList<string> Topics, IReadOnlyList<string> Pipelines)
{
    public static readonly IReadOnlyList<string> AllNames = ["*"];

    /// <summary>The caller of every request to a gateway that does not authenticate callers.</summary>
    public static readonly Caller Anyone = new("anonymous", Scopes.All, AllNames, AllNames);

    /// <summary>The caller, for parts of the host that read <see cref="HttpContext.User"/>.</summary>
    public ClaimsPrincipal Principal { get; } = new(new ClaimsIdentity([new Claim(ClaimTypes.Name, Name)], GatewayAuthentication.Scheme));

    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<Caller>());

    public bool May(Scopes anyOf) => (Scopes & anyOf) != Orleans.Pipeline.Scopes.None;

    public bool HasTopic(string topic) => Matches(Topics, topic);

    public bool HasPipeline(string pipeline) => Matches(Pipelines, pipeline);

    private static bool Matches(IReadOnlyList<string> patterns, string name)
    {
        foreach (var pattern in patterns)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false))
            {
                return true;
            }
        }

        return false;
    }
}
