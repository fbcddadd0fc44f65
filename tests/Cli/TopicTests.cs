using System.Text.Json;
using Orleans.Pipeline.Cli.Tests.Processes;

namespace Orleans.Pipeline.Cli.Tests;

public sealed class TopicTests(ServerFixture server) : ToolTest(server)
{
    [Fact]
    public async Task A_topic_is_created_listed_described_and_deleted()
    {
        var topic = NewTopic();

        var created = (await RunAsync("topic", "create", topic, "--partitions", "3", "--retention", "36h,10GB", "--lag-limit", "5k", "--discard-unread", "--json")).Succeeded().Json;
        var listed = (await RunAsync("topic", "list", "--json")).Succeeded().Json;
        var described = (await RunAsync("topic", "describe", topic)).Succeeded();
        var deleted = (await RunAsync("topic", "delete", topic, "--yes", "--json")).Succeeded().Json;

        Assert.Equal((3, 129_600, 10_000_000_000), (
            created.GetProperty("partitions").GetInt32(),
            created.GetProperty("retentionAgeSeconds").GetDouble(),
            created.GetProperty("retentionBytes").GetInt64()));
        Assert.Equal((true, 5_000), (created.GetProperty("discardUnread").GetBoolean(), created.GetProperty("lagLimit").GetInt64()));
        Assert.Equal(3, created.GetProperty("partitionBounds").GetArrayLength());
        Assert.Contains(topic, listed.GetProperty("topics").EnumerateArray().Select(each => each.GetProperty("name").GetString()));
        Assert.Contains("1d12h, 10.0 GB; unread records are discarded too", described.Output, StringComparison.Ordinal);
        Assert.Equal(topic, deleted.GetProperty("deleted").GetString());
        Assert.Null(await Server.Client.Topics.FindTopicAsync(topic));
    }

    [Fact]
    public async Task What_is_not_given_is_the_default()
    {
        var topic = NewTopic();

        var created = (await RunAsync("topic", "create", topic, "--json")).Succeeded().Json;

        Assert.Equal((8, 604_800, 10_000_000), (
            created.GetProperty("partitions").GetInt32(),
            created.GetProperty("retentionAgeSeconds").GetInt64(),
            created.GetProperty("lagLimit").GetInt64()));
    }

    [Fact]
    public async Task A_topic_that_exists_with_other_settings_keeps_them_and_says_so()
    {
        var topic = NewTopic();
        (await RunAsync("topic", "create", topic, "--partitions", "2")).Succeeded();

        var again = (await RunAsync("topic", "create", topic, "--partitions", "2", "--retention", "none")).Succeeded();
        var larger = await RunAsync("topic", "create", topic, "--partitions", "4");

        Assert.Contains("keeps its settings", again.Errors, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromDays(7), (await Server.Client.Topics.FindTopicAsync(topic))!.Settings.RetentionAge);
        larger.FailedWith(1, "already exists with 2 partitions");
    }

    [Fact]
    public async Task A_topic_is_altered_in_what_is_given_only()
    {
        var topic = NewTopic();
        (await RunAsync("topic", "create", topic, "--partitions", "2", "--retention", "3d,10GB")).Succeeded();

        var altered = (await RunAsync("topic", "alter", topic, "--retention", "no-age", "--lag-limit", "5k", "--json")).Succeeded().Json;
        var discarding = (await RunAsync("topic", "alter", topic, "--discard-unread", "true", "--json")).Succeeded().Json;

        Assert.Equal(JsonValueKind.Null, altered.GetProperty("retentionAgeSeconds").ValueKind);
        Assert.Equal((10_000_000_000, 5_000, false), (
            altered.GetProperty("retentionBytes").GetInt64(),
            altered.GetProperty("lagLimit").GetInt64(),
            altered.GetProperty("discardUnread").GetBoolean()));
        Assert.Equal((5_000, true), (discarding.GetProperty("lagLimit").GetInt64(), discarding.GetProperty("discardUnread").GetBoolean()));
        (await RunAsync("topic", "alter", topic)).FailedWith(2, "No change is given");
        (await RunAsync("topic", "alter", "no-such-topic", "--lag-limit", "5k")).FailedWith(3, "does not exist");
    }

    [Fact]
    public async Task A_topic_is_not_deleted_without_a_confirmation_nor_while_a_pipeline_reads_it()
    {
        var topic = NewTopic();
        (await RunAsync("topic", "create", topic)).Succeeded();

        (await RunAsync("topic", "delete", topic)).FailedWith(2, "Give --yes");
        (await RunAsync("topic", "delete", "access-log", "--yes")).FailedWith(1, "is used by pipeline 'traffic'");

        Assert.NotNull(await Server.Client.Topics.FindTopicAsync(topic));
    }

    [Fact]
    public async Task A_topic_that_is_not_there_is_told_with_the_one_that_was_probably_meant()
    {
        (await RunAsync("topic", "describe", "acces-log")).FailedWith(3, "Did you mean 'access-log'?");
        (await RunAsync("topic", "describe", "something-else")).FailedWith(3, "Topic 'something-else' does not exist");
    }
}
