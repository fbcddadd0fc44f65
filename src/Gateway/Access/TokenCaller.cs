using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Orleans.Pipeline.Gateway.Access;

/// <summary>Reads who a token is of and what it allows, and says why one was refused.</summary>
internal static class TokenCaller
{
    private static readonly string[] NameClaims = ["sub", "client_id", "azp", "appid"];
    private static readonly string[] ScopeClaims = ["scope", "scp"];

    /// <summary>The caller of a token that was checked.</summary>
    public static Caller Of(ClaimsPrincipal token) => new(
        NameClaims.Select(token.FindFirstValue).FirstOrDefault(name => name is not null) ?? "a token without a subject",
        ScopeNames.OfToken(ScopeClaims.SelectMany(claim => Words(token, claim))),
        Patterns(token, "topics"),
        Patterns(token, "pipelines"));

    /// <summary>Why a token was refused, without anything that is in it.</summary>
    public static string Fault(Exception failure) => failure switch
    {
        SecurityTokenExpiredException => "The token has expired.",
        SecurityTokenNotYetValidException => "The token is not valid yet.",
        SecurityTokenInvalidAudienceException => "The token is for another audience.",
        SecurityTokenInvalidIssuerException => "The token is of an issuer that is not accepted here.",
        SecurityTokenSignatureKeyNotFoundException => "The token is signed by a key that its issuer does not have here.",
        SecurityTokenInvalidSignatureException => "The token's signature does not fit.",
        SecurityTokenMalformedException or ArgumentException => "The token is no JSON web token.",
        _ => "The token is not valid.",
    };

    private static IReadOnlyList<string> Patterns(ClaimsPrincipal token, string claim) =>
        token.HasClaim(given => given.Type == claim) || HasEmpty(token, claim) ? [.. Words(token, claim)] : Caller.AllNames;

    /// <summary>Whether a token has a claim that is an empty array: that is not among the claims of its identity.</summary>
    private static bool HasEmpty(ClaimsPrincipal token, string claim) =>
        token.Identity is CaseSensitiveClaimsIdentity { SecurityToken: JsonWebToken read } && read.TryGetPayloadValue<object>(claim, out _);

    private static IEnumerable<string> Words(ClaimsPrincipal token, string claim) =>
        token.FindAll(claim).SelectMany(given => given.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
