using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Pipeline.Dashboard.Access;

/// <summary>
/// Signs users in to the dashboard with an API key or a token, and out again. The cookie identifies the user and never has the secret.
/// </summary>
internal static class DashboardAccess
{
    public const string Scheme = "Orleans.Pipeline.Dashboard";

    public const string Policy = "Orleans.Pipeline.Dashboard";

    public const string SignInPath = "/sign-in";

    private const string SignOutPath = "/sign-out";

    public static void AddDashboardAccess(this IServiceCollection services)
    {
        services.AddSingleton<Viewers>();
        services.AddSingleton<IAuthorizationHandler, ViewerHandler>();
        services.AddCascadingAuthenticationState();
        services.AddAuthentication().AddCookie(Scheme, options =>
        {
            options.Cookie.Name = "orleans-pipeline-dashboard";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.ExpireTimeSpan = Viewers.Lasts;
            options.LoginPath = SignInPath;
            options.AccessDeniedPath = SignInPath;
            options.ReturnUrlParameter = "from";
        });
        services.AddAuthorizationBuilder().AddPolicy(
            Policy, policy => policy.AddAuthenticationSchemes(Scheme).AddRequirements(new ViewerRequirement()));
    }

    public static void MapSignIn(this IEndpointRouteBuilder endpoints)
    {
        // The policy finds the signed-in user, because the antiforgery token belongs to that user. Being signed in is not required.
        endpoints.MapPost(SignInPath, SignInAsync).ExcludeFromDescription().RequireAuthorization(Policy).AllowAnonymous();
        endpoints.MapPost(SignOutPath, SignOutAsync).ExcludeFromDescription().RequireAuthorization(Policy).AllowAnonymous();
    }

    private static async Task<IResult> SignInAsync([FromForm] string? key, [FromForm] string? from, HttpContext context, Viewers viewers)
    {
        var back = IsLocal(from) ? from! : "/";
        if (await viewers.SignInAsync(key?.Trim() ?? "", context) is not { } signedIn)
        {
            return TypedResults.LocalRedirect($"~{SignInPath}?refused=true&from={Uri.EscapeDataString(back)}");
        }

        await context.SignInAsync(
            Scheme, signedIn.User, new AuthenticationProperties { ExpiresUtc = signedIn.Expires, AllowRefresh = signedIn.Expires is null });
        return TypedResults.LocalRedirect($"~{back}");
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (await antiforgery.IsRequestValidAsync(context))
        {
            await context.SignOutAsync(Scheme);
        }

        return TypedResults.LocalRedirect($"~{SignInPath}");
    }

    /// <summary>Whether a path is on this host. Refuses everything that a browser could take for another host.</summary>
    private static bool IsLocal(string? path) => path is ['/'] or ['/', not ('/' or '\\'), ..];
}
