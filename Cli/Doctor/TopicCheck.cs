using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Cli.Values;
using Orleans.Pipeline.Client;

namespace Orleans.Pipeline.Cli.Doctor;

/// <summary>Checks the topics: the lag against its limit, the effect of retention, and the spread of records.</summary>
internal sealed class TopicCheck(PipelineClient client, IReadOnlyList<PipelineStatus> pipelines, DoctorReport report)
{
    private const double NearLimit = 0.8;
    private const int SkewTimes = 3;
    private const long MuchKept = 1L << 30;
    private const long SkewRecords = 10_000;

    public async Task RunAsync(TopicDetails topic, CancellationToken cancellationToken)
    {
        var subject = $"topic {topic.Description.Topic}";
        var settings = topic.Description.Settings;
        CheckLag(topic, subject);
        if (topic.Partitions.Sum(partition => partition.Discarded) is > 0 and var discarded)
        {
            report.Warn(
                subject,
                $"{NumberText.Of(discarded, "record")} were discarded before every pipeline had read them",
                $"Keep records for longer, or keep unread ones: pipeline topic alter {topic.Description.Topic} --discard-unread false");
        }

        if (settings is { RetentionAge: null, RetentionBytes: null } && topic.Bytes >= MuchKept)
        {
            report.Warn(
                subject,
                $"it holds {SizeText.Format(topic.Bytes)} and has no retention: it grows until the disk is full",
                $"Limit it if the records are not needed for ever: pipeline topic alter {topic.Description.Topic} --retention 7d");
        }

        CheckSpread(topic, subject);
        if (settings is { DiscardUnread: true, RetentionAge: { } age } && topic.Lag > 0)
        {
            await CheckRetentionAsync(topic, age, subject, cancellationToken);
        }
    }

    private void CheckLag(TopicDetails topic, string subject)
    {
        var limit = topic.Description.Settings.LagLimit;
        var text = $"the lag is {NumberText.Count(topic.Lag)} of at most {NumberText.Count(limit)}";
        const string Advice =
            "See which pipeline is behind (pipeline lag). It may be paused, retrying, or need more partitions or a faster step.";
        if (topic.Lag > limit)
        {
            report.Fail(subject, $"{text}: producers are pushed back", Advice);
        }
        else if (topic.Lag >= limit * NearLimit)
        {
            report.Warn(subject, $"{text}: producers will soon be pushed back", Advice);
        }
    }

    private void CheckSpread(TopicDetails topic, string subject)
    {
        var counts = topic.Partitions.Select(partition => partition.End - partition.Start).ToList();
        if (topic.Records >= SkewRecords && counts.Count > 1 && counts.Max() is var most && most * counts.Count > SkewTimes * topic.Records)
        {
            report.Warn(
                subject,
                $"partition {counts.IndexOf(most)} holds {100.0 * most / topic.Records:0} % of the records of {counts.Count} partitions",
                "Mostly one key has most of the records: choose a key that spreads them better, "
                    + "or send records without keys if their order does not matter.");
        }
    }

    /// <summary>Finds the age of the oldest record that the slowest pipeline has not read.</summary>
    private async Task CheckRetentionAsync(TopicDetails topic, TimeSpan age, string subject, CancellationToken cancellationToken)
    {
        var name = topic.Description.Topic;
        var unread = pipelines.SelectMany(pipeline => pipeline.Stages)
            .Where(stage => stage.Source == name)
            .SelectMany(stage => stage.Tasks)
            .Where(task => task.Lag > 0)
            .GroupBy(task => task.Partition)
            .ToDictionary(tasks => tasks.Key, tasks => Math.Max(tasks.Min(task => task.NextOffset), topic.Partitions[tasks.Key].Start));
        var oldest = DateTimeOffset.MaxValue;
        foreach (var (partition, offset) in unread)
        {
            await using var consumer = client.CreateConsumer(name, new()
            {
                From = ConsumeFrom.Offset(offset),
                Partitions = [partition],
                StopAtEnd = true,
                WhenOvertaken = WhenOvertaken.GoOn,
            });
            await foreach (var record in consumer.ReadAsync(cancellationToken))
            {
                oldest = record.Timestamp < oldest ? record.Timestamp : oldest;
                break;
            }
        }

        if (unread.Count > 0 && oldest != DateTimeOffset.MaxValue && DateTimeOffset.UtcNow - oldest is var behind && behind > age / 2)
        {
            report.Warn(
                subject,
                $"its slowest pipeline is {DurationText.Format(TimeSpan.FromSeconds(Math.Floor(behind.TotalSeconds)))} behind, "
                    + $"and records are kept for {DurationText.Format(age)}: unread ones are about to be discarded",
                $"Keep them for longer until it has caught up: pipeline topic alter {name} --retention {DurationText.Format(age * 4)}");
        }
    }
}
