using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Telemetry.Tests.Export;

/// <summary>
/// Takes telemetry in by OTLP over HTTP, as a collector does. Messages are protobuf, in which text and ids stand as they are.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(string Path, byte[] Message)> _messages = [];
    private readonly List<(string Path, byte[][] Parts, TaskCompletionSource Came)> _waiters = [];
    private readonly WebApplication _app;

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/{signal}", TakeAsync);
    }

    public string Address => _app.Urls.First();

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _messages.Count;
            }
        }
    }

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Completes when each of some parts has come, in whatever message of a signal.</summary>
    public Task WhenCameAsync(string signal, params byte[][] parts)
    {
        var came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiters.Add(($"/v1/{signal}", parts, came));
            Tell();
        }

        return came.Task;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        await using var body = context.Request.Headers.ContentEncoding == "gzip"
            ? new GZipStream(context.Request.Body, CompressionMode.Decompress)
            : context.Request.Body;
        using var message = new MemoryStream();
        await body.CopyToAsync(message);
        lock (_lock)
        {
            _messages.Add((context.Request.Path, message.ToArray()));
            Tell();
        }

        context.Response.ContentType = "application/x-protobuf";
    }

    private void Tell()
    {
        foreach (var (path, parts, came) in _waiters)
        {
            if (parts.All(part => _messages.Exists(message => message.Path == path && message.Message.AsSpan().IndexOf(part) >= 0)))
            {
                came.TrySetResult();
            }
        }
    }
}
