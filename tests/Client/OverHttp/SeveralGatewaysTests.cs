using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Orleans.Pipeline.Client.Tests.OverHttp;

/// <summary>A client that knows several gateways, of which not all are well.</summary>
public sealed class SeveralGatewaysTests : ClientTest
{
    private readonly TcpListener _rude = new(IPAddress.Loopback, 0);

    private static Uri Unreachable => new("http://127.0.0.1:1");

    private static ProducerSettings Quick => new() { InitialBackoff = TimeSpan.FromMilliseconds(10) };

    public override async Task DisposeAsync()
    {
        _rude.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_gateway_that_cannot_be_reached_is_passed_over_at_once()
    {
        await using var client = new PipelineClient([Unreachable, Unreachable, Gateway.Address]);

        Assert.NotEmpty(await client.Topics.ListTopicsAsync());
    }

    [Fact]
    public async Task A_request_fails_when_no_gateway_can_be_reached()
    {
        await using var client = new PipelineClient([Unreachable, new("http://127.0.0.1:2")]);

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await client.Topics.ListTopicsAsync());
    }

    [Fact]
    public async Task A_request_whose_answer_was_lost_fails_and_the_next_goes_to_another_gateway()
    {
        await using var client = new PipelineClient([HangUpGateway(), Gateway.Address]);

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await client.Topics.ListTopicsAsync());
        Assert.NotEmpty(await client.Topics.ListTopicsAsync());
    }

    [Fact]
    public async Task A_producer_goes_on_at_another_gateway()
    {
        await using var client = new PipelineClient([HangUpGateway(), Unreachable, Gateway.Address]);
        await using var producer = client.CreateProducer("orders", Quick);

        await producer.SendAsync("key", "value");

        Assert.Equal(["value"], await ValuesAsync(KeyPartitioner.PartitionOf("key"u8, 2)));
    }

    [Fact]
    public async Task A_record_whose_gateway_died_between_append_and_answer_is_there_once()
    {
        await using var dying = await StartDyingGatewayAsync();
        await using var client = new PipelineClient([new(dying.Urls.First()), Gateway.Address]);
        await using var producer = client.CreateProducer("orders", Quick);

        var sent = await producer.SendAsync("key", "value");

        Assert.Equal(["value"], await ValuesAsync(sent.Partition.Partition));
    }

    [Fact]
    public async Task A_gateway_that_was_dead_and_is_back_is_used_again()
    {
        var port = FreePorts.Next(Random.Shared);
        var first = await GatewayHost.StartAsync(listen: kestrel => kestrel.Port = port);
        var second = await GatewayHost.StartAsync();
        await using var client = new PipelineClient([first.Address, second.Address]);
        await client.Topics.ListTopicsAsync();
        await first.DisposeAsync();
        await client.Topics.ListTopicsAsync();
        await using var back = await GatewayHost.StartAsync(listen: kestrel => kestrel.Port = port);
        await second.DisposeAsync();
        using var reconnects = new MeterListener();
        var at = new ConcurrentQueue<object?>();
        reconnects.InstrumentPublished = (instrument, meters) =>
        {
            if (instrument.Name == "pipeline.client.reconnects")
            {
                meters.EnableMeasurementEvents(instrument);
            }
        };
        reconnects.SetMeasurementEventCallback<long>((_, _, tags, _) => at.Enqueue(tags.ToArray().Single(tag => tag.Key == "server.port").Value));
        reconnects.Start();

        await client.Topics.ListTopicsAsync();

        await back.ArrivalAsync("/v1/topics");
        Assert.Contains(port, at);
    }

    [Fact]
    public async Task A_consumer_goes_on_at_another_gateway_with_no_gap_and_no_repeat()
    {
        const int Records = 500;
        await using var dying = await StartDyingGatewayAsync();
        await using var client = new PipelineClient([new(dying.Urls.First()), HangUpGateway(), Unreachable, Gateway.Address]);
        await using var consumer = client.CreateConsumer(
            "orders", new() { InitialBackoff = TimeSpan.FromMilliseconds(10), StopAtEnd = true, ReadBytes = 500 });
        var retries = 0;
        consumer.Retrying += _ => retries++;
        for (var number = 0; number < Records; number++)
        {
            await AppendAsync(Batch($"{number}"), partition: 0);
        }

        var read = new List<string>();
        await foreach (var record in consumer.ReadAsync())
        {
            read.Add(record.ValueText!);
        }

        Assert.Equal(Enumerable.Range(0, Records).Select(number => $"{number}"), read);
        Assert.True(retries >= 2);
    }

    [Fact]
    public void A_client_without_any_address_is_refused() => Assert.Throws<ArgumentException>(() => new PipelineClient([]));

    [Fact]
    public async Task An_error_names_the_gateway_that_answered_even_when_another_is_in_use_by_then()
    {
        await using var strange = await StrangeGateway.StartAsync("<html>");
        await using var client = new PipelineClient([strange.Address, Gateway.Address]);

        var listing = client.Topics.ListTopicsAsync().AsTask();
        await strange.HasAskedAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await client.Admin.ListNodesAsync());
        strange.Answer();

        var failure = await Assert.ThrowsAsync<PipelineRequestException>(() => listing);
        Assert.Contains(strange.Address.ToString(), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_ends_a_wait_early_is_left_and_no_other()
    {
        await using var strange = await StrangeGateway.StartAsync("");
        await using var client = new PipelineClient([strange.Address, Gateway.Address]);

        var reading = client.Topics.ReadAsync(new("orders", 0), 0, 1000, TimeSpan.FromMinutes(1)).AsTask();
        await strange.HasAskedAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await client.Admin.ListNodesAsync());
        strange.Answer();

        var ended = await Assert.ThrowsAsync<StoreUnavailableException>(() => reading);
        Assert.EndsWith($"the gateway at {strange.Address} is stopping.", ended.Message, StringComparison.Ordinal);
        Assert.NotEmpty(await client.Topics.ListTopicsAsync());
    }

    /// <summary>One that hangs up when it is asked for nodes, and answers all else with the same text when the test says so.</summary>
    private sealed class StrangeGateway : IAsyncDisposable
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly WebApplication _app;

        private StrangeGateway(string text)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            _app = builder.Build();
            _app.Run(async context =>
            {
                if (context.Request.Path == "/v1/nodes")
                {
                    context.Abort();
                    return;
                }

                _asked.TrySetResult();
                await _answer.Task;
                await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text));
            });
        }

        public Uri Address => new(_app.Urls.First());

        public static async Task<StrangeGateway> StartAsync(string text)
        {
            var gateway = new StrangeGateway(text);
            await gateway._app.StartAsync();
            return gateway;
        }

        public Task HasAskedAsync() => _asked.Task;

        public void Answer() => _answer.SetResult();

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }

    /// <summary>One that reads requests and hangs up.</summary>
    private Uri HangUpGateway()
    {
        _rude.Start();
        _ = HangUpAsync();
        return new($"http://{_rude.LocalEndpoint}");
    }

    /// <summary>One that does what it is asked to, and is gone before it answers.</summary>
    private async Task<WebApplication> StartDyingGatewayAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            using var request = new HttpRequestMessage(
                new HttpMethod(context.Request.Method), context.Request.Path + context.Request.QueryString)
            {
                Content = new StreamContent(context.Request.Body),
            };
            request.Content.Headers.TryAddWithoutValidation("content-type", context.Request.ContentType);
            using var response = await Http.SendAsync(request);
            context.Abort();
        });
        await app.StartAsync();
        return app;
    }

    private async Task HangUpAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await _rude.AcceptTcpClientAsync();
                await connection.GetStream().ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false);
            }
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
        }
    }
}
