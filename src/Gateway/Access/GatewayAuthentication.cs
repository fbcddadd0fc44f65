using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Orleans.Pipeline.Gateway.Access;

/// <summary>The authentication scheme of the HTTP API: it finds the caller by what the request brings.</summary>
internal sealed class GatewayAuthentication(Callers callers) : IAuthenticationHandler
{
    /// <summary>The scheme's name.</summary>
    public const string Scheme = "Orleans.Pipeline.Gateway";

    /// <summary>The header with an API key.</summary>
    public const string KeyHeader = "X-Api-Key";

    private HttpContext _context = null!;
    private Task<AuthenticateResult>? _result;

    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context)
    {
        _context = context;
        return Task.CompletedTask;
    }

    public Task<AuthenticateResult> AuthenticateAsync() => _result ??= FindCallerAsync();

    public Task ChallengeAsync(AuthenticationProperties? properties)
    {
        _context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        _context.Response.Headers.WWWAuthenticate = new StringValues([.. callers.Challenges]);
        return Task.CompletedTask;
    }

    public Task ForbidAsync(AuthenticationProperties? properties)
    {
        _context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private Task<AuthenticateResult> FindCallerAsync()
    {
        if (!callers.AreAsked)
        {
            return Task.FromResult(Accept(Caller.Anyone));
        }

        if (_context.Request.Headers[KeyHeader] is [{ Length: > 0 } key])
        {
            return Task.FromResult(callers.FindByKey(key) is { } caller ? Accept(caller) : Refuse($"The API key in the header {KeyHeader} is not known here."));
        }

        return Task.FromResult(Refuse($"The request has no API key. Send it in the header {KeyHeader}."));
    }

    private AuthenticateResult Accept(Caller caller)
    {
        _context.Features.Set(caller);
        return AuthenticateResult.Success(new AuthenticationTicket(caller.Principal, Scheme));
    }

    private AuthenticateResult Refuse(string detail)
    {
        _context.Features.Set(new AccessRefusal(detail));
        return AuthenticateResult.NoResult();
    }
}
