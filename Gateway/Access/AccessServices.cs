using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Orleans.Pipeline.Gateway.Access;

internal static class AccessServices
{
    public static void AddGatewayAccess(this IServiceCollection services)
    {
        services.AddSingleton<Callers>();
        services.AddTransient<GatewayAuthentication>();
        services.AddSingleton<IConfigureOptions<JwtBearerOptions>, JwtOptions>();
        services.AddAuthentication().AddJwtBearer(JwtOptions.Scheme, _ => { });
        services.Configure<AuthenticationOptions>(
            options => options.AddScheme<GatewayAuthentication>(GatewayAuthentication.Scheme, displayName: null));
        services.AddSingleton<IAuthorizationHandler, AccessHandler>();
        services.AddAuthorizationBuilder().AddPolicy(AccessNeed.PolicyName, policy => policy
            .AddAuthenticationSchemes(GatewayAuthentication.Scheme)
            .AddRequirements(new AccessRequirement()));
    }
}
