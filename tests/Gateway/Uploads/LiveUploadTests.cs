using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Pipeline.Gateway.Tests.Hosting;

namespace Orleans.Pipeline.Gateway.Tests.Uploads;

/// <summary>Uploads whose lines come slowly, over a clock that the tests move.</summary>
public sealed class LiveUploadTests : UploadTest
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HalfMinute = TimeSpan.FromSeconds(30);

    private readonly TimerClock _clock = new();

    [Fact]
    public async Task A_line_is_appended_a_second_after_it_came_though_the_body_goes_on()
    {
        await using var upload = await StartUploadAsync("?partition=0");

        for (var line = 0; line < 3; line++)
        {
            await upload.SendAsync(Lines(1, line)[0] + "\n");
            await WhenWaitsAsync(Second);
            _clock.Advance(Second);
            await WhenAppendedAsync(line + 1);
        }

        Assert.Equal((200, 3), ((await upload.FinishAsync()) is var (status, answer) ? (status, (int)answer["appended"]!) : default));
        await AssertHoldsAsync(Lines(3));
    }

    [Fact]
    public async Task A_record_of_a_live_upload_has_the_time_when_its_line_came()
    {
        await using var upload = await StartUploadAsync("?partition=0");
        var start = _clock.GetUtcNow().ToUnixTimeMilliseconds();

        await upload.SendAsync("1\n");
        await WhenWaitsAsync(Second);
        _clock.Advance(Second);
        await WhenAppendedAsync(1);
        await upload.SendAsync("2\n");
        await upload.FinishAsync();

        var batches = await Gateway.Store.ReadAsync(new("orders", 0), 0, 1 << 20, TimeSpan.Zero);
        Assert.Equal([start, start + 1000], batches.SelectMany(batch => Timestamps(batch)));
    }

    [Fact]
    public async Task A_body_that_says_nothing_for_half_a_minute_is_cut_off_with_what_was_appended()
    {
        await using var upload = await StartUploadAsync("?partition=0");
        await upload.SendAsync("1\n2\nhalf a line");
        await WhenWaitsAsync(Second);
        _clock.Advance(Second);
        await WhenAppendedAsync(2);
        await WhenWaitsAsync(HalfMinute);

        _clock.Advance(HalfMinute);

        var (status, problem) = await upload.AnswerAsync();
        Assert.Equal((408, "request-timeout", 2L), (status, (string?)problem["code"], (long)problem["acceptedLines"]!));
        Assert.StartsWith("No line of the upload arrived for 30 s.", (string?)problem["detail"]);
        Assert.Equal(["1", "2"], await ValuesAsync(0));
    }

    [Fact]
    public async Task A_body_that_never_says_anything_is_cut_off_and_nothing_is_appended()
    {
        await using var upload = await StartUploadAsync("?partition=0");
        await WhenWaitsAsync(HalfMinute);

        _clock.Advance(HalfMinute);

        var (status, problem) = await upload.AnswerAsync();
        Assert.Equal((408, "request-timeout"), (status, (string?)problem["code"]));
        Assert.Null(problem["acceptedLines"]);
    }

    [Fact]
    public async Task Empty_lines_keep_an_upload_alive()
    {
        await using var upload = await StartUploadAsync("?partition=0");
        for (var minute = 0; minute < 3; minute++)
        {
            await WhenWaitsAsync(HalfMinute);
            _clock.Advance(HalfMinute - Second);
            await upload.SendAsync("\n");
        }

        await upload.SendAsync("1");

        Assert.Equal(200, (await upload.FinishAsync()).Status);
        Assert.Equal(["1"], await ValuesAsync(0));
    }

    [Fact]
    public async Task A_long_line_may_take_longer_than_half_a_minute_while_it_comes_fast_enough()
    {
        await using var gateway = await StartAsync(settings => settings.Limits.RequestBytesPerSecond = 10);
        await using var upload = await StreamedUpload.StartAsync(gateway.Address, "?partition=0");
        await WhenWaitsAsync(HalfMinute);
        await upload.SendAsync("\"" + new string('x', 400));
        await WhenWaitsAsync(HalfMinute);
        _clock.Advance(HalfMinute);
        await WhenWaitsAsync(HalfMinute);

        _clock.Advance(HalfMinute);

        Assert.Equal("request-timeout", (string?)(await upload.AnswerAsync()).Body["code"]);
    }

    [Fact]
    public async Task A_short_body_that_declares_its_length_is_appended_whole_or_not_at_all_however_slowly_it_comes()
    {
        using var body = new HeldContent("1\n", "no JSON");
        var answer = Http.PostAsync(Records + "?partition=0", body);
        await body.BegunAsync();
        await WhenWaitsAsync(HalfMinute);
        _clock.Advance(HalfMinute - Second);

        body.Release();

        var problem = await AssertProblemAsync(await answer, 400, "invalid-record");
        Assert.Equal((2, 0), ((long)problem["line"]!, (long)problem["acceptedLines"]!));
        await AssertHoldsAsync([]);
    }

    [Fact]
    public async Task The_servers_own_minimum_rate_does_not_cut_off_a_quiet_producer()
    {
        await using var gateway = await GatewayHost.StartAsync(settings =>
        {
            settings.Limits.RequestBytesPerSecond = 1_000_000;
            settings.Limits.RateGrace = TimeSpan.FromSeconds(1.001);
        });
        await gateway.Store.CreateTopicAsync("orders", new TopicSettings { Partitions = 1 });
        await using var upload = await StreamedUpload.StartAsync(gateway.Address, "");

        // Each line is appended a second after it was sent, by the clock that the server's rate goes by.
        for (var line = 0; line < 4; line++)
        {
            await upload.SendAsync(line + "\n");
            var appended = gateway.Store.ReadAsync(new("orders", 0), line, 1, TimeSpan.FromSeconds(30)).AsTask();
            Assert.NotEmpty(await appended);
        }

        Assert.Equal((200, 4), (await upload.FinishAsync()) is var (status, answer) ? (status, (int)answer["appended"]!) : default);
    }

    private protected override Task<GatewayHost> StartAsync() => StartAsync(_ => { });

    private async Task<GatewayHost> StartAsync(Action<GatewaySettings> configure)
    {
        var gateway = await GatewayHost.StartAsync(
            settings =>
            {
                Configure(settings);
                configure(settings);
            },
            prepare: store => store.CreateTopicAsync("orders", new TopicSettings { Partitions = 2 }).AsTask(),
            build: builder => builder.Services.AddSingleton<TimeProvider>(_clock));
        return gateway;
    }

    private Task<TimeSpan> WhenWaitsAsync(TimeSpan time) =>
        _clock.WhenWaitedForAsync(above: time - TimeSpan.FromMilliseconds(1), below: time + TimeSpan.FromMilliseconds(1));

    private static List<long> Timestamps(RecordBatch batch)
    {
        var timestamps = new List<long>();
        foreach (var record in batch)
        {
            timestamps.Add(record.Timestamp);
        }

        return timestamps;
    }

    /// <summary>A body of a known length, whose second part comes when the test says so.</summary>
    private sealed class HeldContent : HttpContent
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly byte[] _first;
        private readonly byte[] _second;

        public HeldContent(string first, string second)
        {
            (_first, _second) = (Encoding.UTF8.GetBytes(first), Encoding.UTF8.GetBytes(second));
            Headers.ContentType = new(NdjsonType);
        }

        public Task BegunAsync() => _begun.Task;

        public void Release() => _released.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_first);
            await stream.FlushAsync();
            _begun.SetResult();
            await _released.Task;
            await stream.WriteAsync(_second);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _first.Length + _second.Length;
            return true;
        }
    }
}
