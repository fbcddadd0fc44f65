namespace Orleans.Pipeline.Cli.Tests;

/// <content>Times of records.</content>
public sealed partial class ProduceTests
{
    [Fact]
    public async Task A_field_of_JSON_is_the_key_and_another_the_time()
    {
        var topic = await CreateAsync();
        const string Lines = """
            {"id":"a","at":"2026-01-31T12:00:00Z","n":1}

            {"id":7,"at":1769860800000}
            {"id":null}
            "no object"
            """;

        (await RunWithInputAsync(Lines, "produce", topic, "--key", "id", "--timestamp-field", "at")).Succeeded();
        var records = await ReadAsync(topic);

        Assert.Equal(["7", "a", "none", "none"], records.Select(record => record.KeyText ?? "none").Order());
        Assert.All(records.Where(record => record.HasKey), record => Assert.Equal(1_769_860_800_000, record.TimestampMs));
    }

    [Fact]
    public async Task Seconds_taken_for_milliseconds_are_named_in_the_summary()
    {
        var topic = await CreateAsync();
        const string Lines = """
            {"id":1,"at":1769860800}
            {"id":2,"at":1769860800000}
            {"id":3,"at":"1979-12-31T23:59:59Z"}
            """;

        var told = (await RunWithInputAsync(Lines, "produce", topic, "--key", "id", "--timestamp-field", "at")).Succeeded();
        var json = (await RunWithInputAsync(Lines, "produce", topic, "--timestamp-field", "at", "--json")).Succeeded().Json;

        Assert.Contains("2 records sent with times before 1980.", told.Errors, StringComparison.Ordinal);
        Assert.Equal(2, json.GetProperty("timesBefore1980").GetInt64());
    }
}
