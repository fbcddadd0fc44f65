using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Gateway.Tests.Hosting;

namespace Orleans.Pipeline.Gateway.Tests.Uploads;

/// <summary>An upload to a topic that a paused pipeline reads: it has room for ten more records before it pushes back.</summary>
public sealed class UploadBackpressureTests : UploadTest
{
    private const int LagLimit = 100;
    private const int Held = 90;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly TimerClock _clock = new();

    [Fact]
    public async Task An_upload_that_has_begun_waits_while_its_topic_is_over_its_lag_limit()
    {
        await using var upload = await StartPushedBackAsync();
        await WhenPushedBackAsync();

        await Gateway.Store.UpdateTopicAsync("orders", new TopicChange { LagLimit = 1000 });
        _clock.Advance(Patience);

        var (status, answer) = await upload.FinishAsync();
        Assert.Equal((200, 120), (status, (int)answer["appended"]!));
        Assert.Equal(Held + 120, await EndAsync());
    }

    [Fact]
    public async Task An_upload_that_waited_long_enough_is_pushed_back_with_what_was_appended()
    {
        await using var upload = await StartPushedBackAsync();
        var retry = await WhenPushedBackAsync();

        _clock.Advance(retry);

        var (status, problem) = await upload.AnswerAsync();
        Assert.Equal((429, "backpressure"), (status, (string?)problem["code"]));
        Assert.True((long)problem["retryAfterMs"]! >= retry.TotalMilliseconds);
        Assert.Equal(await EndAsync() - Held, (long)problem["acceptedLines"]!);
        Assert.Contains($"The lines up to {await EndAsync() - Held} were appended", (string?)problem["detail"]);
    }

    [Fact]
    public async Task An_upload_that_waits_ends_when_the_host_stops()
    {
        await using var upload = await StartPushedBackAsync();
        await WhenPushedBackAsync();

        var stopping = Gateway.App.StopAsync();

        Assert.Equal("host-stopping", (string?)(await upload.AnswerAsync()).Body["code"]);
        await stopping;
    }

    private protected override Task<GatewayHost> StartAsync() => GatewayHost.StartAsync(
        settings =>
        {
            Configure(settings);
            settings.Limits.UploadWait = Patience;
            settings.Limits.UploadLinger = TimeSpan.FromHours(1);
        },
        define: pipelines =>
            pipelines.Add("copy", pipeline => pipeline.From("orders", partitions: 2).To(Sink.Topic("orders.copied", partitions: 2))),
        prepare: async store =>
        {
            await store.CreateTopicAsync("orders", new TopicSettings { Partitions = 2, LagLimit = LagLimit });
            await store.AppendAsync(new("orders", 0), RecordBatch.Validate(Batch(Lines(Held))));
            await store.SetPausedAsync("copy", paused: true);
        },
        build: builder => builder.Services.AddSingleton<TimeProvider>(_clock));

    /// <summary>Sends more than there is room for, in two parts: the lag is looked up once for each.</summary>
    private async Task<StreamedUpload> StartPushedBackAsync()
    {
        var upload = await StartUploadAsync("?partition=0");
        await upload.SendAsync(string.Join('\n', Lines(60)) + "\n");
        await WhenAppendedAsync(Held + 30);
        _clock.Advance(Patience);
        await upload.SendAsync(string.Join('\n', Lines(60)) + "\n");
        return upload;
    }

    private Task<TimeSpan> WhenPushedBackAsync() =>
        _clock.WhenWaitedForAsync(above: TimeSpan.FromMilliseconds(250), below: TimeSpan.FromSeconds(1));
}
