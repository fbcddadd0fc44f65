using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Orleans.Pipeline.Gateway.Tests.Access;

/// <summary>An issuer of tokens, as far as the gateway sees it: its metadata and its keys over HTTP.</summary>
internal sealed class Authority(WebApplication app) : IAsyncDisposable
{
    public string Address => app.Urls.First();

    public static async Task<Authority> StartAsync(RsaSecurityKey key)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet(
            "/.well-known/openid-configuration",
            () => new Dictionary<string, string> { ["issuer"] = app.Urls.First(), ["jwks_uri"] = $"{app.Urls.First()}/keys" });
        var parameters = key.Rsa.ExportParameters(includePrivateParameters: false);
        var entry = new Dictionary<string, string>
        {
            ["kty"] = "RSA",
            ["kid"] = key.KeyId,
            ["n"] = Base64UrlEncoder.Encode(parameters.Modulus),
            ["e"] = Base64UrlEncoder.Encode(parameters.Exponent),
        };
        app.MapGet("/keys", () => new Dictionary<string, object> { ["keys"] = new[] { entry } });
        await app.StartAsync();
        return new Authority(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
