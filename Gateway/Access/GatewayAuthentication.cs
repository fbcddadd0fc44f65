using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Orleans.Pipeline.Gateway.Access;

/// <summary>
/// The authentication scheme of the HTTP API. It finds the caller by the request's first credential of these: an API key, a token, the
/// certificate of the connection. If the settings have no callers, the host's default scheme applies, so that a host can protect the
/// endpoints in its own way.
/// </summary>
internal sealed class GatewayAuthentication(Callers callers, IAuthenticationSchemeProvider schemes) : IAuthenticationHandler
{
    public const string Scheme = "Orleans.Pipeline.Gateway";

    public const string KeyHeader = "X-Api-Key";

    /// <summary>
    /// The start of an API key in the header <c>Authorization</c>, for callers such as Prometheus that cannot send a header of their own.
    /// </summary>
    private const string KeyAsToken = $"Bearer {ApiKey.Prefix}";

    private HttpContext _context = null!;
    private Task<AuthenticateResult>? _result;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _context = context;
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync() => _result ??= FindCallerAsync();

    public async Task ChallengeAsync(AuthenticationProperties? properties)
    {
        if (!callers.AreAsked && await schemes.GetDefaultChallengeSchemeAsync() is { } hosts && hosts.Name != Scheme)
        {
            await _context.ChallengeAsync(hosts.Name, properties);
            return;
        }

        _context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        _context.Response.Headers.WWWAuthenticate = callers.Challenges(_context.Features.Get<AccessRefusal>() is { IsOfToken: true });
    }

    public async Task ForbidAsync(AuthenticationProperties? properties)
    {
        if (!callers.AreAsked && await schemes.GetDefaultForbidSchemeAsync() is { } hosts && hosts.Name != Scheme)
        {
            await _context.ForbidAsync(hosts.Name, properties);
            return;
        }

        _context.Response.StatusCode = StatusCodes.Status403Forbidden;
    }

    private async Task<AuthenticateResult> FindCallerAsync()
    {
        if (!callers.AreAsked)
        {
            if (!callers.MayComeFromElsewhere && _context.Connection.LocalIpAddress is { } local && !IPAddress.IsLoopback(local))
            {
                return Refuse($"The gateway does not authenticate callers, so it accepts requests from this machine only; this request "
                    + $"arrived at {local}.");
            }

            _context.Features.Set(Caller.Anyone);
            return await schemes.GetDefaultAuthenticateSchemeAsync() is { } hosts && hosts.Name != Scheme
                ? await _context.AuthenticateAsync(hosts.Name)
                : AuthenticateResult.NoResult();
        }

        var headers = _context.Request.Headers;
        if (headers.TryGetValue(KeyHeader, out var keys))
        {
            return keys is [{ } key] && callers.FindByKey(key) is { } caller
                ? Accept(caller)
                : Refuse($"The API key in the header {KeyHeader} is unknown.");
        }

        if (headers.Authorization is [{ } authorization] && authorization.StartsWith(KeyAsToken, StringComparison.Ordinal))
        {
            return callers.FindByKey(authorization[(KeyAsToken.Length - ApiKey.Prefix.Length)..]) is { } caller
                ? Accept(caller)
                : Refuse("The API key in the header Authorization is unknown.");
        }

        if (headers.Authorization.Count > 0 && callers.HaveTokens)
        {
            var token = await TokenCaller.CheckAsync(_context);
            return token.Caller is { } owner ? Accept(owner) : Refuse(token.Fault!, isOfToken: true);
        }

        if (_context.Connection.ClientCertificate is { } certificate)
        {
            return callers.FindByCertificate(certificate) is { } caller
                ? Accept(caller)
                : Refuse("The connection's client certificate is unknown.");
        }

        return Refuse($"The request has no credentials. {callers.Hint}");
    }

    private AuthenticateResult Accept(Caller caller)
    {
        _context.Features.Set(caller);
        return AuthenticateResult.Success(new AuthenticationTicket(caller.Principal, Scheme));
    }

    private AuthenticateResult Refuse(string detail, bool isOfToken = false)
    {
        _context.Features.Set(new AccessRefusal(detail, isOfToken));
        return AuthenticateResult.NoResult();
    }
}
