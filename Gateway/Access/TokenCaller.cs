using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Orleans.Pipeline.Gateway.Settings;

namespace Orleans.Pipeline.Gateway.Access;

/// <summary>Reads the caller and the permissions from a token, or the reason why the token is refused.</summary>
internal static class TokenCaller
{
    private static readonly string[] NameClaims = ["sub", "client_id", "azp", "appid"];
    private static readonly string[] ScopeClaims = ["scope", "scp"];

    public static async Task<TokenCheck> CheckAsync(HttpContext context)
    {
        var result = await context.AuthenticateAsync(JwtOptions.Scheme);
        return result.Succeeded
            ? new TokenCheck(Of(result.Principal), result.Properties?.ExpiresUtc)
            : new TokenCheck(Fault: result.Failure is { } failure ? FaultOf(failure) : "The header Authorization has no bearer token.");
    }

    private static Caller Of(ClaimsPrincipal token) => new(
        NameClaims.Select(token.FindFirstValue).FirstOrDefault(name => name is not null) ?? "a token without a subject",
        ScopeNames.OfToken(ScopeClaims.SelectMany(claim => Words(token, claim))),
        Patterns(token, "topics"),
        Patterns(token, "pipelines"));

    /// <summary>Returns why a token was refused, without quoting the token.</summary>
    private static string FaultOf(Exception failure) => failure switch
    {
        SecurityTokenExpiredException => "The token has expired.",
        SecurityTokenNotYetValidException => "The token is not valid yet.",
        SecurityTokenInvalidAudienceException => "The token is for another audience.",
        SecurityTokenInvalidIssuerException => "The token's issuer is not accepted here.",
        SecurityTokenSignatureKeyNotFoundException => "The token is signed by a key that is not one of its issuer's.",
        SecurityTokenInvalidSignatureException => "The token's signature is invalid.",
        SecurityTokenMalformedException or ArgumentException => "The token is not a JSON web token.",
        _ => "The token is not valid.",
    };

    private static IReadOnlyList<string> Patterns(ClaimsPrincipal token, string claim) =>
        token.HasClaim(given => given.Type == claim) || HasEmpty(token, claim) ? [.. Words(token, claim)] : Caller.AllNames;

    /// <summary>Whether a token has a claim that is an empty array, which the claims of its identity leave out.</summary>
    private static bool HasEmpty(ClaimsPrincipal token, string claim) =>
        token.Identity is CaseSensitiveClaimsIdentity { SecurityToken: JsonWebToken read } && read.TryGetPayloadValue<object>(claim, out _);

    private static IEnumerable<string> Words(ClaimsPrincipal token, string claim) =>
        token.FindAll(claim).SelectMany(given => given.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>The result of checking a token: the caller and the time of expiry, if any, or the reason for the refusal.</summary>
internal sealed record TokenCheck(Caller? Caller = null, DateTimeOffset? Expires = null, string? Fault = null);
