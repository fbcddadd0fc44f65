using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Hosts;

/// <summary>A test with a gateway that asks its callers who they are, by settings as a configuration file has them.</summary>
public abstract class AccessTest : GatewayTest
{
    private protected MutableConfiguration Configuration { get; } = new();

    private protected CollectedLog Log { get; } = new();

    private protected override Task<GatewayHost> StartAsync()
    {
        Configure();
        return GatewayHost.StartAsync(build: Build);
    }

    /// <summary>Sets the first settings.</summary>
    private protected abstract void Configure();

    private protected void Build(WebApplicationBuilder builder)
    {
        ((IConfigurationBuilder)builder.Configuration).Add(Configuration);
        builder.Logging.AddProvider(Log);
    }

    private protected ApiKey AddKey(int index, string name, string scopes, string? topics = null, string? pipelines = null)
    {
        var key = ApiKey.Create();
        var prefix = $"Gateway:Authentication:ApiKeys:{index}";
        Configuration.Set($"{prefix}:Name", name);
        Configuration.Set($"{prefix}:Hash", key.Hash);
        SetAll($"{prefix}:Scopes", scopes);
        SetAll($"{prefix}:Topics", topics);
        SetAll($"{prefix}:Pipelines", pipelines);
        return key;
    }

    private void SetAll(string key, string? values)
    {
        foreach (var (value, index) in (values?.Split(' ') ?? []).Select((value, index) => (value, index)))
        {
            Configuration.Set($"{key}:{index}", value);
        }
    }

    private protected Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, ApiKey? key, HttpContent? content = null) =>
        SendAsync(method, path, key?.Key, content);

    private protected Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
        {
            request.Headers.Add("X-Api-Key", key);
        }

        return Http.SendAsync(request);
    }
}
