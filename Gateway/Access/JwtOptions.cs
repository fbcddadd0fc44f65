using System.Reflection;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Orleans.Pipeline.Gateway.Settings;

namespace Orleans.Pipeline.Gateway.Access;

/// <summary>Configures the scheme that checks tokens, with all options and signing keys of the settings.</summary>
internal sealed class JwtOptions(IOptions<GatewaySettings> settings) : IConfigureNamedOptions<JwtBearerOptions>
{
    public const string Scheme = "Orleans.Pipeline.Jwt";

    public void Configure(JwtBearerOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, JwtBearerOptions options)
    {
        if (name != Scheme || settings.Value.Authentication.Jwt is not { } jwt)
        {
            return;
        }

        foreach (var property in typeof(JwtBearerOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite))
        {
            property.SetValue(options, property.GetValue(jwt));
        }

        if (jwt.SigningKeys.Count > 0)
        {
            var parameters = options.TokenValidationParameters = options.TokenValidationParameters.Clone();
            parameters.IssuerSigningKeys = [.. parameters.IssuerSigningKeys ?? [], .. jwt.SigningKeys.Select(SigningKeys.Read)];
        }
    }
}
