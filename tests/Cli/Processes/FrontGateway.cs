using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Cli.Tests.Processes;

/// <summary>
/// A server in front of the real host that passes everything on, over TLS if it has a certificate, and may change what is said.
/// </summary>
internal sealed class FrontGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _host;

    private FrontGateway(WebApplication app, HttpClient host) => (_app, _host) = (app, host);

    /// <summary>Its address.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>Starts one.</summary>
    /// <param name="host">The real host.</param>
    /// <param name="certificate">What it shows; null for plain HTTP.</param>
    /// <param name="change">Changes an answer, by its path; null for nothing.</param>
    public static async Task<FrontGateway> StartAsync(
        Uri host, X509Certificate2? certificate = null, Action<string, JsonNode>? change = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        var front = new FrontGateway(builder.Build(), new HttpClient { BaseAddress = host });
        front._app.Run(context => front.PassOnAsync(context, change ?? ((_, _) => { })));
        await front._app.StartAsync();
        return front;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _host.Dispose();
    }

    private async Task PassOnAsync(HttpContext context, Action<string, JsonNode> change)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), $"{context.Request.Path}{context.Request.QueryString}");
        if (context.Request.ContentLength is not (null or 0))
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }

        using var answer = await _host.SendAsync(request, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        var body = await answer.Content.ReadAsByteArrayAsync(context.RequestAborted);
        if (answer.Content.Headers.ContentType?.MediaType == "application/json")
        {
            var json = JsonNode.Parse(body)!;
            change(context.Request.Path, json);
            body = System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());
        }

        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
