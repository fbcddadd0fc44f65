using Orleans.Pipeline.Testing;

namespace AccessLog.Tests;

public sealed class TrafficTests
{
    private static readonly DateTimeOffset Minute = new(2015, 5, 17, 10, 5, 0, TimeSpan.Zero);

    [Fact]
    public void Requests_and_bytes_are_summed_by_minute_method_and_status()
    {
        using var test = Start();

        test.SendAll(
            AccessLogPipeline.Source,
            Line("10:05:03", "GET", 200, 100),
            Line("10:05:59", "GET", 200, 20),
            Line("10:05:59", "POST", 200, 3),
            Line("10:06:00", "GET", 200, 7));

        var traffic = test.Table(AccessLogPipeline.TrafficTable);
        Assert.Equal(3, traffic.Rows.Count);
        Assert.Equal(2, traffic.Row(Minute, "GET", 200).Get<int>("requests"));
        Assert.Equal(120, traffic.Row(Minute, "GET", 200).Get<int>("bytes"));
        Assert.Equal(7, traffic.Row(Minute.AddMinutes(1), "GET", 200).Get<int>("bytes"));
    }

    [Fact]
    public void A_parsed_line_keeps_its_key_and_goes_to_the_errors_only_with_an_error_status()
    {
        using var test = Start();

        test.SendAll(AccessLogPipeline.Source, Line("10:05:03", "GET", 200, 1), Line("10:05:03", "GET", 404, 1));

        Assert.Equal([200, 404], test.Topic(AccessLogPipeline.Parsed).Records.Select(record => record.As<AccessLogEntry>().Status));
        var error = Assert.Single(test.Topic(AccessLogPipeline.Errors).Records);
        Assert.Equal((404, "::1"), (error.As<AccessLogEntry>().Status, error.Key));
    }

    [Fact]
    public void A_line_that_is_cut_off_becomes_a_dead_letter_that_says_where()
    {
        using var test = Start();

        test.Send(AccessLogPipeline.Source, "::1", "::1 - - [17/May/2015:10:05:03 +0000] \"GET");

        var letter = Assert.Single(test.DeadLetters(AccessLogPipeline.Name));
        Assert.Equal(("ParseLogLine", "System.FormatException", 1), (letter.Step, letter.ErrorType, letter.Attempts));
        Assert.Contains("cut off at byte 41", letter.ErrorMessage, StringComparison.Ordinal);
        Assert.Empty(test.Table(AccessLogPipeline.TrafficTable).Rows);
    }

    [Fact]
    public void The_traffic_is_the_same_wherever_it_crashes() => Start().Crashing(test =>
    {
        test.SendAll(AccessLogPipeline.Source, Line("10:05:03", "GET", 200, 100), Line("10:05:04", "GET", 500, 20), ("::1", "no line"));
        test.Send(AccessLogPipeline.Source, "::2", Line("10:05:05", "GET", 200, 3).Value);
    });

    private static PipelineTest Start() => PipelineTest.For(catalog => AccessLogPipeline.Define(catalog));

    private static (string? Key, object? Value) Line(string time, string method, int status, int bytes) =>
        ("::1", $"::1 - - [17/May/2015:{time} +0000] \"{method} / HTTP/1.1\" {status} {bytes} \"-\" \"-\"");
}
